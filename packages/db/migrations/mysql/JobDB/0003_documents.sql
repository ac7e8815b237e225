CREATE TABLE `spinor_outbox` (
	`ID` bigint AUTO_INCREMENT NOT NULL,
	`DatabaseName` varchar(32) NOT NULL,
	`DocumentID` varchar(64) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`Number` bigint NOT NULL,
	`VO` varchar(128) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`Document` json NOT NULL,
	`Since` datetime NOT NULL,
	`Refusal` varchar(255) character set utf8mb4 collate utf8mb4_bin,
	CONSTRAINT `spinor_outbox_ID` PRIMARY KEY(`ID`)
);

--> statement-breakpoint
CREATE INDEX `DocumentID` ON `spinor_outbox` (`DocumentID`,`DatabaseName`);
