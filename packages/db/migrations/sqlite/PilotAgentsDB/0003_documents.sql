CREATE TABLE `spinor_PilotParameters` (
	`PilotID` integer PRIMARY KEY NOT NULL,
	`VO` text(128) NOT NULL,
	`Document` text NOT NULL
);

--> statement-breakpoint
CREATE TABLE `spinor_PilotLogs` (
	`PilotStamp` text(32) NOT NULL,
	`Sequence` integer NOT NULL,
	`PilotID` integer NOT NULL,
	`VO` text(128) NOT NULL,
	`Time` integer NOT NULL,
	`Severity` text(16) NOT NULL,
	`Text` text NOT NULL,
	`Words` text NOT NULL,
	PRIMARY KEY(`PilotStamp`, `Sequence`)
);

--> statement-breakpoint
CREATE INDEX `spinor_PilotLogs_Time` ON `spinor_PilotLogs` (`Time`);
--> statement-breakpoint
CREATE TABLE `spinor_PilotOutbox` (
	`ID` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`DatabaseName` text(32) NOT NULL,
	`DocumentID` text(64) NOT NULL,
	`Number` integer NOT NULL,
	`VO` text(128) NOT NULL,
	`Document` text NOT NULL,
	`Since` datetime NOT NULL,
	`Refusal` text(255)
);

--> statement-breakpoint
CREATE INDEX `spinor_PilotOutbox_DocumentID` ON `spinor_PilotOutbox` (`DocumentID`,`DatabaseName`);
