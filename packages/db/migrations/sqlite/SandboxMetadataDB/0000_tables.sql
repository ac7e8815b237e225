CREATE TABLE `sb_Owners` (
	`OwnerID` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`Owner` text(32) NOT NULL,
	`OwnerGroup` text(32) NOT NULL,
	`VO` text(64) NOT NULL
);

--> statement-breakpoint
CREATE UNIQUE INDEX `sb_Owners_unique_owner_group_vo` ON `sb_Owners` (`Owner`,`OwnerGroup`,`VO`);
--> statement-breakpoint
CREATE TABLE `sb_SandBoxes` (
	`SBId` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`OwnerId` integer NOT NULL,
	`SEName` text(64) NOT NULL,
	`SEPFN` text(512) NOT NULL,
	`Bytes` integer NOT NULL,
	`RegistrationTime` datetime DEFAULT (datetime('now')) NOT NULL,
	`LastAccessTime` datetime DEFAULT (datetime('now')) NOT NULL,
	`Assigned` integer NOT NULL
);

--> statement-breakpoint
CREATE UNIQUE INDEX `sb_SandBoxes_Location` ON `sb_SandBoxes` (`SEName`,`SEPFN`);
--> statement-breakpoint
CREATE INDEX `sb_SandBoxes_OwnerId` ON `sb_SandBoxes` (`OwnerId`);
--> statement-breakpoint
CREATE TABLE `sb_EntityMapping` (
	`SBId` integer NOT NULL,
	`EntityId` text(128) NOT NULL,
	`Type` text(64) NOT NULL,
	PRIMARY KEY(`SBId`, `EntityId`, `Type`)
);

--> statement-breakpoint
CREATE UNIQUE INDEX `sb_EntityMapping_Mapping` ON `sb_EntityMapping` (`SBId`,`EntityId`,`Type`);
--> statement-breakpoint
CREATE INDEX `sb_EntityMapping_SBId` ON `sb_EntityMapping` (`EntityId`);
