CREATE TABLE `SiteStatus` (
	`Name` varchar(64) NOT NULL,
	`StatusType` varchar(128) NOT NULL DEFAULT 'all',
	`VO` varchar(64) NOT NULL DEFAULT 'all',
	`Status` varchar(8) NOT NULL DEFAULT '',
	`Reason` varchar(512) NOT NULL DEFAULT 'Unspecified',
	`DateEffective` datetime NOT NULL,
	`TokenExpiration` datetime NOT NULL DEFAULT '9999-12-31 23:59:59',
	`ElementType` varchar(32) NOT NULL DEFAULT '',
	`LastCheckTime` datetime NOT NULL DEFAULT '1000-01-01 00:00:00',
	`TokenOwner` varchar(16) NOT NULL DEFAULT 'rs_svc',
	CONSTRAINT `SiteStatus_pk` PRIMARY KEY(`Name`,`StatusType`,`VO`)
);

--> statement-breakpoint
CREATE TABLE `ResourceStatus` (
	`Name` varchar(64) NOT NULL,
	`StatusType` varchar(128) NOT NULL DEFAULT 'all',
	`VO` varchar(64) NOT NULL DEFAULT 'all',
	`Status` varchar(8) NOT NULL DEFAULT '',
	`Reason` varchar(512) NOT NULL DEFAULT 'Unspecified',
	`DateEffective` datetime NOT NULL,
	`TokenExpiration` datetime NOT NULL DEFAULT '9999-12-31 23:59:59',
	`ElementType` varchar(32) NOT NULL DEFAULT '',
	`LastCheckTime` datetime NOT NULL DEFAULT '1000-01-01 00:00:00',
	`TokenOwner` varchar(16) NOT NULL DEFAULT 'rs_svc',
	CONSTRAINT `ResourceStatus_pk` PRIMARY KEY(`Name`,`StatusType`,`VO`)
);

--> statement-breakpoint
CREATE TABLE `SiteLog` (
	`ID` bigint AUTO_INCREMENT NOT NULL,
	`Name` varchar(64) NOT NULL,
	`StatusType` varchar(128) NOT NULL DEFAULT 'all',
	`VO` varchar(64) NOT NULL DEFAULT 'all',
	`Status` varchar(8) NOT NULL DEFAULT '',
	`Reason` varchar(512) NOT NULL DEFAULT 'Unspecified',
	`DateEffective` datetime NOT NULL,
	`TokenExpiration` datetime NOT NULL DEFAULT '9999-12-31 23:59:59',
	`ElementType` varchar(32) NOT NULL DEFAULT '',
	`LastCheckTime` datetime NOT NULL DEFAULT '1000-01-01 00:00:00',
	`TokenOwner` varchar(16) NOT NULL DEFAULT 'rs_svc',
	CONSTRAINT `SiteLog_ID` PRIMARY KEY(`ID`)
);

--> statement-breakpoint
CREATE TABLE `SiteHistory` (
	`ID` bigint AUTO_INCREMENT NOT NULL,
	`Name` varchar(64) NOT NULL,
	`StatusType` varchar(128) NOT NULL DEFAULT 'all',
	`VO` varchar(64) NOT NULL DEFAULT 'all',
	`Status` varchar(8) NOT NULL DEFAULT '',
	`Reason` varchar(512) NOT NULL DEFAULT 'Unspecified',
	`DateEffective` datetime NOT NULL,
	`TokenExpiration` datetime NOT NULL DEFAULT '9999-12-31 23:59:59',
	`ElementType` varchar(32) NOT NULL DEFAULT '',
	`LastCheckTime` datetime NOT NULL DEFAULT '1000-01-01 00:00:00',
	`TokenOwner` varchar(16) NOT NULL DEFAULT 'rs_svc',
	CONSTRAINT `SiteHistory_ID` PRIMARY KEY(`ID`)
);

--> statement-breakpoint
CREATE TABLE `ResourceLog` (
	`ID` bigint AUTO_INCREMENT NOT NULL,
	`Name` varchar(64) NOT NULL,
	`StatusType` varchar(128) NOT NULL DEFAULT 'all',
	`VO` varchar(64) NOT NULL DEFAULT 'all',
	`Status` varchar(8) NOT NULL DEFAULT '',
	`Reason` varchar(512) NOT NULL DEFAULT 'Unspecified',
	`DateEffective` datetime NOT NULL,
	`TokenExpiration` datetime NOT NULL DEFAULT '9999-12-31 23:59:59',
	`ElementType` varchar(32) NOT NULL DEFAULT '',
	`LastCheckTime` datetime NOT NULL DEFAULT '1000-01-01 00:00:00',
	`TokenOwner` varchar(16) NOT NULL DEFAULT 'rs_svc',
	CONSTRAINT `ResourceLog_ID` PRIMARY KEY(`ID`)
);

--> statement-breakpoint
CREATE TABLE `ResourceHistory` (
	`ID` bigint AUTO_INCREMENT NOT NULL,
	`Name` varchar(64) NOT NULL,
	`StatusType` varchar(128) NOT NULL DEFAULT 'all',
	`VO` varchar(64) NOT NULL DEFAULT 'all',
	`Status` varchar(8) NOT NULL DEFAULT '',
	`Reason` varchar(512) NOT NULL DEFAULT 'Unspecified',
	`DateEffective` datetime NOT NULL,
	`TokenExpiration` datetime NOT NULL DEFAULT '9999-12-31 23:59:59',
	`ElementType` varchar(32) NOT NULL DEFAULT '',
	`LastCheckTime` datetime NOT NULL DEFAULT '1000-01-01 00:00:00',
	`TokenOwner` varchar(16) NOT NULL DEFAULT 'rs_svc',
	CONSTRAINT `ResourceHistory_ID` PRIMARY KEY(`ID`)
);

