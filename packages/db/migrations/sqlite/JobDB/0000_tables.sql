CREATE TABLE `JobJDLs` (
	`JobID` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`JDL` text NOT NULL,
	`JobRequirements` text NOT NULL,
	`OriginalJDL` text NOT NULL
);

--> statement-breakpoint
CREATE TABLE `Jobs` (
	`JobID` integer PRIMARY KEY NOT NULL,
	`JobType` text(32) NOT NULL,
	`JobGroup` text(32) NOT NULL,
	`Site` text(100) NOT NULL,
	`JobName` text(128) NOT NULL,
	`Owner` text(64) NOT NULL,
	`OwnerGroup` text(128) NOT NULL,
	`VO` text(32) NOT NULL,
	`SubmissionTime` datetime,
	`RescheduleTime` datetime,
	`LastUpdateTime` datetime,
	`StartExecTime` datetime,
	`HeartBeatTime` datetime,
	`EndExecTime` datetime,
	`Status` text(32) NOT NULL,
	`MinorStatus` text(128) NOT NULL,
	`ApplicationStatus` text(255) NOT NULL,
	`UserPriority` integer NOT NULL,
	`RescheduleCounter` integer NOT NULL,
	`VerifiedFlag` varchar(5) NOT NULL,
	`AccountedFlag` varchar(6) NOT NULL,
	FOREIGN KEY (`JobID`) REFERENCES `JobJDLs`(`JobID`) ON UPDATE restrict ON DELETE cascade
);

--> statement-breakpoint
CREATE INDEX `Jobs_JobType` ON `Jobs` (`JobType`);
--> statement-breakpoint
CREATE INDEX `Jobs_JobGroup` ON `Jobs` (`JobGroup`);
--> statement-breakpoint
CREATE INDEX `Jobs_Site` ON `Jobs` (`Site`);
--> statement-breakpoint
CREATE INDEX `Jobs_Owner` ON `Jobs` (`Owner`);
--> statement-breakpoint
CREATE INDEX `Jobs_OwnerGroup` ON `Jobs` (`OwnerGroup`);
--> statement-breakpoint
CREATE INDEX `Jobs_Status` ON `Jobs` (`Status`);
--> statement-breakpoint
CREATE INDEX `Jobs_MinorStatus` ON `Jobs` (`MinorStatus`);
--> statement-breakpoint
CREATE INDEX `Jobs_ApplicationStatus` ON `Jobs` (`ApplicationStatus`);
--> statement-breakpoint
CREATE INDEX `Jobs_StatusSite` ON `Jobs` (`Status`,`Site`);
--> statement-breakpoint
CREATE INDEX `Jobs_LastUpdateTime` ON `Jobs` (`LastUpdateTime`);
--> statement-breakpoint
CREATE TABLE `InputData` (
	`JobID` integer NOT NULL,
	`LFN` text(255) NOT NULL,
	`Status` text(32) NOT NULL,
	PRIMARY KEY(`JobID`, `LFN`),
	FOREIGN KEY (`JobID`) REFERENCES `Jobs`(`JobID`) ON UPDATE restrict ON DELETE cascade
);

--> statement-breakpoint
CREATE TABLE `JobParameters` (
	`JobID` integer NOT NULL,
	`Name` text(100) NOT NULL,
	`Value` text NOT NULL,
	PRIMARY KEY(`JobID`, `Name`),
	FOREIGN KEY (`JobID`) REFERENCES `Jobs`(`JobID`) ON UPDATE restrict ON DELETE cascade
);

--> statement-breakpoint
CREATE TABLE `OptimizerParameters` (
	`JobID` integer NOT NULL,
	`Name` text(100) NOT NULL,
	`Value` text NOT NULL,
	PRIMARY KEY(`JobID`, `Name`),
	FOREIGN KEY (`JobID`) REFERENCES `Jobs`(`JobID`) ON UPDATE restrict ON DELETE cascade
);

--> statement-breakpoint
CREATE TABLE `AtticJobParameters` (
	`JobID` integer NOT NULL,
	`Name` text(100) NOT NULL,
	`Value` text NOT NULL,
	`RescheduleCycle` integer NOT NULL,
	PRIMARY KEY(`JobID`, `Name`),
	FOREIGN KEY (`JobID`) REFERENCES `Jobs`(`JobID`) ON UPDATE restrict ON DELETE cascade
);

--> statement-breakpoint
CREATE TABLE `HeartBeatLoggingInfo` (
	`JobID` integer NOT NULL,
	`Name` text(100) NOT NULL,
	`Value` text NOT NULL,
	`HeartBeatTime` datetime NOT NULL,
	PRIMARY KEY(`JobID`, `Name`, `HeartBeatTime`),
	FOREIGN KEY (`JobID`) REFERENCES `Jobs`(`JobID`) ON UPDATE restrict ON DELETE cascade
);

--> statement-breakpoint
CREATE TABLE `JobCommands` (
	`JobID` integer NOT NULL,
	`Command` text(100) NOT NULL,
	`Arguments` text(100) NOT NULL,
	`Status` text(64) NOT NULL,
	`ReceptionTime` datetime NOT NULL,
	`ExecutionTime` datetime,
	PRIMARY KEY(`JobID`, `ReceptionTime`),
	FOREIGN KEY (`JobID`) REFERENCES `Jobs`(`JobID`) ON UPDATE restrict ON DELETE cascade
);

