CREATE TABLE `SiteStatus` (
	`Name` text(64) NOT NULL,
	`StatusType` text(128) DEFAULT 'all' NOT NULL,
	`VO` text(64) DEFAULT 'all' NOT NULL,
	`Status` text(8) DEFAULT '' NOT NULL,
	`Reason` text(512) DEFAULT 'Unspecified' NOT NULL,
	`DateEffective` datetime NOT NULL,
	`TokenExpiration` datetime DEFAULT '9999-12-31 23:59:59' NOT NULL,
	`ElementType` text(32) DEFAULT '' NOT NULL,
	`LastCheckTime` datetime DEFAULT '1000-01-01 00:00:00' NOT NULL,
	`TokenOwner` text(16) DEFAULT 'rs_svc' NOT NULL,
	PRIMARY KEY(`Name`, `StatusType`, `VO`)
);

--> statement-breakpoint
CREATE TABLE `ResourceStatus` (
	`Name` text(64) NOT NULL,
	`StatusType` text(128) DEFAULT 'all' NOT NULL,
	`VO` text(64) DEFAULT 'all' NOT NULL,
	`Status` text(8) DEFAULT '' NOT NULL,
	`Reason` text(512) DEFAULT 'Unspecified' NOT NULL,
	`DateEffective` datetime NOT NULL,
	`TokenExpiration` datetime DEFAULT '9999-12-31 23:59:59' NOT NULL,
	`ElementType` text(32) DEFAULT '' NOT NULL,
	`LastCheckTime` datetime DEFAULT '1000-01-01 00:00:00' NOT NULL,
	`TokenOwner` text(16) DEFAULT 'rs_svc' NOT NULL,
	PRIMARY KEY(`Name`, `StatusType`, `VO`)
);

--> statement-breakpoint
CREATE TABLE `SiteLog` (
	`ID` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`Name` text(64) NOT NULL,
	`StatusType` text(128) DEFAULT 'all' NOT NULL,
	`VO` text(64) DEFAULT 'all' NOT NULL,
	`Status` text(8) DEFAULT '' NOT NULL,
	`Reason` text(512) DEFAULT 'Unspecified' NOT NULL,
	`DateEffective` datetime NOT NULL,
	`TokenExpiration` datetime DEFAULT '9999-12-31 23:59:59' NOT NULL,
	`ElementType` text(32) DEFAULT '' NOT NULL,
	`LastCheckTime` datetime DEFAULT '1000-01-01 00:00:00' NOT NULL,
	`TokenOwner` text(16) DEFAULT 'rs_svc' NOT NULL
);

--> statement-breakpoint
CREATE TABLE `SiteHistory` (
	`ID` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`Name` text(64) NOT NULL,
	`StatusType` text(128) DEFAULT 'all' NOT NULL,
	`VO` text(64) DEFAULT 'all' NOT NULL,
	`Status` text(8) DEFAULT '' NOT NULL,
	`Reason` text(512) DEFAULT 'Unspecified' NOT NULL,
	`DateEffective` datetime NOT NULL,
	`TokenExpiration` datetime DEFAULT '9999-12-31 23:59:59' NOT NULL,
	`ElementType` text(32) DEFAULT '' NOT NULL,
	`LastCheckTime` datetime DEFAULT '1000-01-01 00:00:00' NOT NULL,
	`TokenOwner` text(16) DEFAULT 'rs_svc' NOT NULL
);

--> statement-breakpoint
CREATE TABLE `ResourceLog` (
	`ID` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`Name` text(64) NOT NULL,
	`StatusType` text(128) DEFAULT 'all' NOT NULL,
	`VO` text(64) DEFAULT 'all' NOT NULL,
	`Status` text(8) DEFAULT '' NOT NULL,
	`Reason` text(512) DEFAULT 'Unspecified' NOT NULL,
	`DateEffective` datetime NOT NULL,
	`TokenExpiration` datetime DEFAULT '9999-12-31 23:59:59' NOT NULL,
	`ElementType` text(32) DEFAULT '' NOT NULL,
	`LastCheckTime` datetime DEFAULT '1000-01-01 00:00:00' NOT NULL,
	`TokenOwner` text(16) DEFAULT 'rs_svc' NOT NULL
);

--> statement-breakpoint
CREATE TABLE `ResourceHistory` (
	`ID` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`Name` text(64) NOT NULL,
	`StatusType` text(128) DEFAULT 'all' NOT NULL,
	`VO` text(64) DEFAULT 'all' NOT NULL,
	`Status` text(8) DEFAULT '' NOT NULL,
	`Reason` text(512) DEFAULT 'Unspecified' NOT NULL,
	`DateEffective` datetime NOT NULL,
	`TokenExpiration` datetime DEFAULT '9999-12-31 23:59:59' NOT NULL,
	`ElementType` text(32) DEFAULT '' NOT NULL,
	`LastCheckTime` datetime DEFAULT '1000-01-01 00:00:00' NOT NULL,
	`TokenOwner` text(16) DEFAULT 'rs_svc' NOT NULL
);

