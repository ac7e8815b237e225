CREATE TABLE `spinor_JobParameters` (
	`JobID` integer PRIMARY KEY NOT NULL,
	`VO` text(32) NOT NULL,
	`Document` text NOT NULL,
	FOREIGN KEY (`JobID`) REFERENCES `Jobs`(`JobID`) ON UPDATE restrict ON DELETE cascade
);

