CREATE TABLE `PilotAgents` (
	`PilotID` int AUTO_INCREMENT NOT NULL,
	`InitialJobID` int NOT NULL,
	`CurrentJobID` int NOT NULL,
	`PilotJobReference` varchar(255) NOT NULL,
	`PilotStamp` varchar(32) NOT NULL,
	`DestinationSite` varchar(128) NOT NULL,
	`Queue` varchar(128) NOT NULL,
	`GridSite` varchar(128) NOT NULL,
	`VO` varchar(128) NOT NULL,
	`GridType` varchar(32) NOT NULL,
	`BenchMark` double NOT NULL,
	`SubmissionTime` datetime,
	`LastUpdateTime` datetime,
	`Status` varchar(32) NOT NULL,
	`StatusReason` varchar(255) NOT NULL,
	`AccountingSent` enum('True','False') NOT NULL,
	CONSTRAINT `PilotAgents_PilotID` PRIMARY KEY(`PilotID`)
);

--> statement-breakpoint
CREATE TABLE `JobToPilotMapping` (
	`PilotID` int NOT NULL,
	`JobID` int NOT NULL,
	`StartTime` datetime NOT NULL,
	CONSTRAINT `JobToPilotMapping_pk` PRIMARY KEY(`PilotID`,`JobID`)
);

--> statement-breakpoint
CREATE TABLE `PilotOutput` (
	`PilotID` int AUTO_INCREMENT NOT NULL,
	`StdOutput` text NOT NULL,
	`StdError` text NOT NULL,
	CONSTRAINT `PilotOutput_PilotID` PRIMARY KEY(`PilotID`)
);

--> statement-breakpoint
CREATE INDEX `PilotJobReference` ON `PilotAgents` (`PilotJobReference`);
--> statement-breakpoint
CREATE INDEX `Status` ON `PilotAgents` (`Status`);
--> statement-breakpoint
CREATE INDEX `Statuskey` ON `PilotAgents` (`GridSite`,`DestinationSite`,`Status`);
--> statement-breakpoint
CREATE INDEX `idx_dest_queue_status` ON `PilotAgents` (`DestinationSite`,`Queue`,`Status`);
--> statement-breakpoint
CREATE INDEX `JobID` ON `JobToPilotMapping` (`JobID`);
--> statement-breakpoint
CREATE INDEX `PilotID` ON `JobToPilotMapping` (`PilotID`);
