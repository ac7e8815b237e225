CREATE TABLE `spinor_JobParameters` (
	`JobID` integer PRIMARY KEY NOT NULL,
	`VO` text(32) NOT NULL,
	`Document` text NOT NULL
);

