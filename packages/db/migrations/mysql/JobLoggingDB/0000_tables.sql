CREATE TABLE `LoggingInfo` (
	`JobID` int NOT NULL,
	`SeqNum` int NOT NULL,
	`Status` varchar(32) NOT NULL,
	`MinorStatus` varchar(128) NOT NULL,
	`ApplicationStatus` varchar(255) NOT NULL,
	`StatusTime` datetime NOT NULL DEFAULT (utc_timestamp()),
	`StatusTimeOrder` decimal(12,3) NOT NULL,
	`StatusSource` varchar(32) NOT NULL,
	CONSTRAINT `LoggingInfo_pk` PRIMARY KEY(`JobID`,`SeqNum`)
);

