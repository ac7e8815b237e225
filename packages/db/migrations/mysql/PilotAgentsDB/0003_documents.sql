CREATE TABLE `spinor_PilotParameters` (
	`PilotID` int NOT NULL,
	`VO` varchar(128) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`Document` json NOT NULL,
	CONSTRAINT `spinor_PilotParameters_PilotID` PRIMARY KEY(`PilotID`)
);

--> statement-breakpoint
CREATE TABLE `spinor_PilotLogs` (
	`PilotStamp` varchar(32) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`Sequence` bigint NOT NULL,
	`PilotID` int NOT NULL,
	`VO` varchar(128) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`Time` bigint NOT NULL,
	`Severity` varchar(16) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`Text` mediumtext character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`Words` mediumtext character set utf8mb4 collate utf8mb4_bin NOT NULL,
	CONSTRAINT `spinor_PilotLogs_pk` PRIMARY KEY(`PilotStamp`,`Sequence`)
);

--> statement-breakpoint
CREATE TABLE `spinor_PilotOutbox` (
	`ID` bigint AUTO_INCREMENT NOT NULL,
	`DatabaseName` varchar(32) NOT NULL,
	`DocumentID` varchar(64) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`Number` bigint NOT NULL,
	`VO` varchar(128) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`Document` json NOT NULL,
	`Since` datetime NOT NULL,
	`Refusal` varchar(255) character set utf8mb4 collate utf8mb4_bin,
	CONSTRAINT `spinor_PilotOutbox_ID` PRIMARY KEY(`ID`)
);

--> statement-breakpoint
CREATE INDEX `Time` ON `spinor_PilotLogs` (`Time`);
--> statement-breakpoint
CREATE INDEX `DocumentID` ON `spinor_PilotOutbox` (`DocumentID`,`DatabaseName`);
