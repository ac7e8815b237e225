CREATE TABLE `spinor_JobParameters` (
	`JobID` int NOT NULL,
	`VO` varchar(32) NOT NULL,
	`Document` json NOT NULL,
	CONSTRAINT `spinor_JobParameters_JobID` PRIMARY KEY(`JobID`)
);
