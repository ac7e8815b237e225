CREATE TABLE `tq_TaskQueues` (
	`TQId` int AUTO_INCREMENT NOT NULL,
	`Owner` varchar(255) NOT NULL,
	`OwnerGroup` varchar(32) NOT NULL,
	`VO` varchar(32) NOT NULL,
	`CPUTime` bigint NOT NULL,
	`Priority` double NOT NULL,
	`Enabled` boolean NOT NULL,
	CONSTRAINT `tq_TaskQueues_TQId` PRIMARY KEY(`TQId`)
);

--> statement-breakpoint
CREATE TABLE `tq_Jobs` (
	`TQId` int NOT NULL,
	`JobId` int NOT NULL,
	`Priority` int NOT NULL,
	`RealPriority` double NOT NULL,
	CONSTRAINT `tq_Jobs_pk` PRIMARY KEY(`TQId`,`JobId`)
);

--> statement-breakpoint
ALTER TABLE `tq_Jobs` ADD CONSTRAINT `tq_Jobs_ibfk_1` FOREIGN KEY (`TQId`) REFERENCES `tq_TaskQueues`(`TQId`) ON DELETE cascade ON UPDATE restrict;
--> statement-breakpoint
CREATE INDEX `TQOwner` ON `tq_TaskQueues` (`Owner`,`OwnerGroup`,`CPUTime`);
--> statement-breakpoint
CREATE INDEX `TaskIndex` ON `tq_Jobs` (`TQId`);
