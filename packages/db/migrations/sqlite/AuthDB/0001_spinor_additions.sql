CREATE TABLE `spinor_attempts` (
	`Subject` text(64) NOT NULL,
	`Minute` datetime NOT NULL,
	`Count` integer NOT NULL,
	PRIMARY KEY(`Subject`, `Minute`)
);

--> statement-breakpoint
CREATE INDEX `spinor_attempts_spinor_Minute` ON `spinor_attempts` (`Minute`);
--> statement-breakpoint
CREATE INDEX `AuthorizationFlows_spinor_Code` ON `AuthorizationFlows` (`Code`);
