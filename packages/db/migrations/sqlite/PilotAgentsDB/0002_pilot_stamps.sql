CREATE TABLE `spinor_PilotStamps` (
	`PilotStamp` text(32) PRIMARY KEY NOT NULL
);

