CREATE TABLE `spinor_attempts` (
	`Subject` varchar(64) NOT NULL,
	`Minute` datetime NOT NULL,
	`Count` int NOT NULL,
	CONSTRAINT `spinor_attempts_pk` PRIMARY KEY(`Subject`,`Minute`)
);

--> statement-breakpoint
CREATE INDEX `spinor_Minute` ON `spinor_attempts` (`Minute`);
--> statement-breakpoint
CREATE INDEX `spinor_Code` ON `AuthorizationFlows` (`Code`);
