CREATE TABLE `JobJDLs` (
	`JobID` int AUTO_INCREMENT NOT NULL,
	`JDL` text NOT NULL,
	`JobRequirements` text NOT NULL,
	`OriginalJDL` text NOT NULL,
	CONSTRAINT `JobJDLs_JobID` PRIMARY KEY(`JobID`)
);

--> statement-breakpoint
CREATE TABLE `Jobs` (
	`JobID` int NOT NULL,
	`JobType` varchar(32) NOT NULL,
	`JobGroup` varchar(32) NOT NULL,
	`Site` varchar(100) NOT NULL,
	`JobName` varchar(128) NOT NULL,
	`Owner` varchar(64) NOT NULL,
	`OwnerGroup` varchar(128) NOT NULL,
	`VO` varchar(32) NOT NULL,
	`SubmissionTime` datetime,
	`RescheduleTime` datetime,
	`LastUpdateTime` datetime,
	`StartExecTime` datetime,
	`HeartBeatTime` datetime,
	`EndExecTime` datetime,
	`Status` varchar(32) NOT NULL,
	`MinorStatus` varchar(128) NOT NULL,
	`ApplicationStatus` varchar(255) NOT NULL,
	`UserPriority` int NOT NULL,
	`RescheduleCounter` int NOT NULL,
	`VerifiedFlag` enum('True','False') NOT NULL,
	`AccountedFlag` enum('True','False','Failed') NOT NULL,
	CONSTRAINT `Jobs_JobID` PRIMARY KEY(`JobID`)
);

--> statement-breakpoint
CREATE TABLE `InputData` (
	`JobID` int NOT NULL,
	`LFN` varchar(255) NOT NULL,
	`Status` varchar(32) NOT NULL,
	CONSTRAINT `InputData_pk` PRIMARY KEY(`JobID`,`LFN`)
);

--> statement-breakpoint
CREATE TABLE `JobParameters` (
	`JobID` int NOT NULL,
	`Name` varchar(100) NOT NULL,
	`Value` text NOT NULL,
	CONSTRAINT `JobParameters_pk` PRIMARY KEY(`JobID`,`Name`)
);

--> statement-breakpoint
CREATE TABLE `OptimizerParameters` (
	`JobID` int NOT NULL,
	`Name` varchar(100) NOT NULL,
	`Value` text NOT NULL,
	CONSTRAINT `OptimizerParameters_pk` PRIMARY KEY(`JobID`,`Name`)
);

--> statement-breakpoint
CREATE TABLE `AtticJobParameters` (
	`JobID` int NOT NULL,
	`Name` varchar(100) NOT NULL,
	`Value` text NOT NULL,
	`RescheduleCycle` int NOT NULL,
	CONSTRAINT `AtticJobParameters_pk` PRIMARY KEY(`JobID`,`Name`)
);

--> statement-breakpoint
CREATE TABLE `HeartBeatLoggingInfo` (
	`JobID` int NOT NULL,
	`Name` varchar(100) NOT NULL,
	`Value` text NOT NULL,
	`HeartBeatTime` datetime NOT NULL,
	CONSTRAINT `HeartBeatLoggingInfo_pk` PRIMARY KEY(`JobID`,`Name`,`HeartBeatTime`)
);

--> statement-breakpoint
CREATE TABLE `JobCommands` (
	`JobID` int NOT NULL,
	`Command` varchar(100) NOT NULL,
	`Arguments` varchar(100) NOT NULL,
	`Status` varchar(64) NOT NULL,
	`ReceptionTime` datetime NOT NULL,
	`ExecutionTime` datetime,
	CONSTRAINT `JobCommands_pk` PRIMARY KEY(`JobID`,`ReceptionTime`)
);

--> statement-breakpoint
ALTER TABLE `Jobs` ADD CONSTRAINT `Jobs_ibfk_1` FOREIGN KEY (`JobID`) REFERENCES `JobJDLs`(`JobID`) ON DELETE cascade ON UPDATE restrict;
--> statement-breakpoint
ALTER TABLE `InputData` ADD CONSTRAINT `InputData_ibfk_1` FOREIGN KEY (`JobID`) REFERENCES `Jobs`(`JobID`) ON DELETE cascade ON UPDATE restrict;
--> statement-breakpoint
ALTER TABLE `JobParameters` ADD CONSTRAINT `JobParameters_ibfk_1` FOREIGN KEY (`JobID`) REFERENCES `Jobs`(`JobID`) ON DELETE cascade ON UPDATE restrict;
--> statement-breakpoint
ALTER TABLE `OptimizerParameters` ADD CONSTRAINT `OptimizerParameters_ibfk_1` FOREIGN KEY (`JobID`) REFERENCES `Jobs`(`JobID`) ON DELETE cascade ON UPDATE restrict;
--> statement-breakpoint
ALTER TABLE `AtticJobParameters` ADD CONSTRAINT `AtticJobParameters_ibfk_1` FOREIGN KEY (`JobID`) REFERENCES `Jobs`(`JobID`) ON DELETE cascade ON UPDATE restrict;
--> statement-breakpoint
ALTER TABLE `HeartBeatLoggingInfo` ADD CONSTRAINT `HeartBeatLoggingInfo_ibfk_1` FOREIGN KEY (`JobID`) REFERENCES `Jobs`(`JobID`) ON DELETE cascade ON UPDATE restrict;
--> statement-breakpoint
ALTER TABLE `JobCommands` ADD CONSTRAINT `JobCommands_ibfk_1` FOREIGN KEY (`JobID`) REFERENCES `Jobs`(`JobID`) ON DELETE cascade ON UPDATE restrict;
--> statement-breakpoint
CREATE INDEX `JobType` ON `Jobs` (`JobType`);
--> statement-breakpoint
CREATE INDEX `JobGroup` ON `Jobs` (`JobGroup`);
--> statement-breakpoint
CREATE INDEX `Site` ON `Jobs` (`Site`);
--> statement-breakpoint
CREATE INDEX `Owner` ON `Jobs` (`Owner`);
--> statement-breakpoint
CREATE INDEX `OwnerGroup` ON `Jobs` (`OwnerGroup`);
--> statement-breakpoint
CREATE INDEX `Status` ON `Jobs` (`Status`);
--> statement-breakpoint
CREATE INDEX `MinorStatus` ON `Jobs` (`MinorStatus`);
--> statement-breakpoint
CREATE INDEX `ApplicationStatus` ON `Jobs` (`ApplicationStatus`);
--> statement-breakpoint
CREATE INDEX `StatusSite` ON `Jobs` (`Status`,`Site`);
--> statement-breakpoint
CREATE INDEX `LastUpdateTime` ON `Jobs` (`LastUpdateTime`);
