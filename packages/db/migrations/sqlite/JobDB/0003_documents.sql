CREATE TABLE `spinor_outbox` (
	`ID` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`DatabaseName` text(32) NOT NULL,
	`DocumentID` text(64) NOT NULL,
	`Number` integer NOT NULL,
	`VO` text(128) NOT NULL,
	`Document` text NOT NULL,
	`Since` datetime NOT NULL,
	`Refusal` text(255)
);

--> statement-breakpoint
CREATE INDEX `spinor_outbox_DocumentID` ON `spinor_outbox` (`DocumentID`,`DatabaseName`);
