CREATE TABLE `spinor_PilotStamps` (
	`PilotStamp` varchar(32) NOT NULL,
	CONSTRAINT `spinor_PilotStamps_PilotStamp` PRIMARY KEY(`PilotStamp`)
);

