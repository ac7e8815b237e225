CREATE TABLE `LoggingInfo` (
	`JobID` integer NOT NULL,
	`SeqNum` integer NOT NULL,
	`Status` text(32) NOT NULL,
	`MinorStatus` text(128) NOT NULL,
	`ApplicationStatus` text(255) NOT NULL,
	`StatusTime` datetime DEFAULT (datetime('now')) NOT NULL,
	`StatusTimeOrder` numeric(12, 3) NOT NULL,
	`StatusSource` text(32) NOT NULL,
	PRIMARY KEY(`JobID`, `SeqNum`)
);

