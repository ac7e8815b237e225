CREATE TABLE `sb_Owners` (
	`OwnerID` int AUTO_INCREMENT NOT NULL,
	`Owner` varchar(32) NOT NULL,
	`OwnerGroup` varchar(32) NOT NULL,
	`VO` varchar(64) NOT NULL,
	CONSTRAINT `sb_Owners_OwnerID` PRIMARY KEY(`OwnerID`),
	CONSTRAINT `unique_owner_group_vo` UNIQUE(`Owner`,`OwnerGroup`,`VO`)
);

--> statement-breakpoint
CREATE TABLE `sb_SandBoxes` (
	`SBId` int AUTO_INCREMENT NOT NULL,
	`OwnerId` int NOT NULL,
	`SEName` varchar(64) NOT NULL,
	`SEPFN` varchar(512) NOT NULL,
	`Bytes` bigint NOT NULL,
	`RegistrationTime` datetime NOT NULL DEFAULT (utc_timestamp()),
	`LastAccessTime` datetime NOT NULL DEFAULT (utc_timestamp()),
	`Assigned` boolean NOT NULL,
	CONSTRAINT `sb_SandBoxes_SBId` PRIMARY KEY(`SBId`),
	CONSTRAINT `Location` UNIQUE(`SEName`,`SEPFN`)
);

--> statement-breakpoint
CREATE TABLE `sb_EntityMapping` (
	`SBId` int NOT NULL,
	`EntityId` varchar(128) NOT NULL,
	`Type` varchar(64) NOT NULL,
	CONSTRAINT `sb_EntityMapping_pk` PRIMARY KEY(`SBId`,`EntityId`,`Type`),
	CONSTRAINT `Mapping` UNIQUE(`SBId`,`EntityId`,`Type`)
);

--> statement-breakpoint
CREATE INDEX `OwnerId` ON `sb_SandBoxes` (`OwnerId`);
--> statement-breakpoint
CREATE INDEX `SBId` ON `sb_EntityMapping` (`EntityId`);
