CREATE TABLE `PilotAgents` (
	`PilotID` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`InitialJobID` integer NOT NULL,
	`CurrentJobID` integer NOT NULL,
	`PilotJobReference` text(255) NOT NULL,
	`PilotStamp` text(32) NOT NULL,
	`DestinationSite` text(128) NOT NULL,
	`Queue` text(128) NOT NULL,
	`GridSite` text(128) NOT NULL,
	`VO` text(128) NOT NULL,
	`GridType` text(32) NOT NULL,
	`BenchMark` real NOT NULL,
	`SubmissionTime` datetime,
	`LastUpdateTime` datetime,
	`Status` text(32) NOT NULL,
	`StatusReason` text(255) NOT NULL,
	`AccountingSent` varchar(5) NOT NULL
);

--> statement-breakpoint
CREATE INDEX `PilotAgents_PilotJobReference` ON `PilotAgents` (`PilotJobReference`);
--> statement-breakpoint
CREATE INDEX `PilotAgents_Status` ON `PilotAgents` (`Status`);
--> statement-breakpoint
CREATE INDEX `PilotAgents_Statuskey` ON `PilotAgents` (`GridSite`,`DestinationSite`,`Status`);
--> statement-breakpoint
CREATE INDEX `PilotAgents_idx_dest_queue_status` ON `PilotAgents` (`DestinationSite`,`Queue`,`Status`);
--> statement-breakpoint
CREATE TABLE `JobToPilotMapping` (
	`PilotID` integer NOT NULL,
	`JobID` integer NOT NULL,
	`StartTime` datetime NOT NULL,
	PRIMARY KEY(`PilotID`, `JobID`)
);

--> statement-breakpoint
CREATE INDEX `JobToPilotMapping_JobID` ON `JobToPilotMapping` (`JobID`);
--> statement-breakpoint
CREATE INDEX `JobToPilotMapping_PilotID` ON `JobToPilotMapping` (`PilotID`);
--> statement-breakpoint
CREATE TABLE `PilotOutput` (
	`PilotID` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`StdOutput` text NOT NULL,
	`StdError` text NOT NULL
);

