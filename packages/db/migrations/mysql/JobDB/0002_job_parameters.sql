CREATE TABLE `spinor_JobParameters` (
	`JobID` int NOT NULL,
	`VO` varchar(32) NOT NULL,
	`Document` json NOT NULL,
	CONSTRAINT `spinor_JobParameters_JobID` PRIMARY KEY(`JobID`)
);

--> statement-breakpoint
ALTER TABLE `spinor_JobParameters` ADD CONSTRAINT `spinor_JobParameters_ibfk_1` FOREIGN KEY (`JobID`) REFERENCES `Jobs`(`JobID`) ON DELETE cascade ON UPDATE restrict;
