CREATE TABLE `tq_TaskQueues` (
	`TQId` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`Owner` text(255) NOT NULL,
	`OwnerGroup` text(32) NOT NULL,
	`VO` text(32) NOT NULL,
	`CPUTime` integer NOT NULL,
	`Priority` real NOT NULL,
	`Enabled` integer NOT NULL
);

--> statement-breakpoint
CREATE INDEX `tq_TaskQueues_TQOwner` ON `tq_TaskQueues` (`Owner`,`OwnerGroup`,`CPUTime`);
--> statement-breakpoint
CREATE TABLE `tq_Jobs` (
	`TQId` integer NOT NULL,
	`JobId` integer NOT NULL,
	`Priority` integer NOT NULL,
	`RealPriority` real NOT NULL,
	PRIMARY KEY(`TQId`, `JobId`),
	FOREIGN KEY (`TQId`) REFERENCES `tq_TaskQueues`(`TQId`) ON UPDATE restrict ON DELETE cascade
);

--> statement-breakpoint
CREATE INDEX `tq_Jobs_TaskIndex` ON `tq_Jobs` (`TQId`);
