CREATE TABLE `AuthorizationFlows` (
	`UUID` char(32) PRIMARY KEY NOT NULL,
	`Status` text(16) DEFAULT 'PENDING' NOT NULL,
	`ClientID` text(255) NOT NULL,
	`CreationTime` datetime DEFAULT (datetime('now')) NOT NULL,
	`Scope` text(1024) NOT NULL,
	`CodeChallenge` text(255) NOT NULL,
	`CodeChallengeMethod` text(8) NOT NULL,
	`RedirectURI` text(255) NOT NULL,
	`Code` text(255),
	`IDToken` text
);

--> statement-breakpoint
CREATE TABLE `DeviceFlows` (
	`UserCode` text(8) PRIMARY KEY NOT NULL,
	`Status` text(16) DEFAULT 'PENDING' NOT NULL,
	`CreationTime` datetime DEFAULT (datetime('now')) NOT NULL,
	`ClientID` text(255) NOT NULL,
	`Scope` text(1024) NOT NULL,
	`DeviceCode` text(128) NOT NULL,
	`IDToken` text
);

--> statement-breakpoint
CREATE UNIQUE INDEX `DeviceFlows_DeviceCode` ON `DeviceFlows` (`DeviceCode`);
--> statement-breakpoint
CREATE TABLE `RefreshTokens` (
	`JTI` char(32) PRIMARY KEY NOT NULL,
	`Status` text(16) DEFAULT 'CREATED' NOT NULL,
	`Scope` text(1024) NOT NULL,
	`Sub` text(256) NOT NULL
);

--> statement-breakpoint
CREATE INDEX `RefreshTokens_index_status_sub` ON `RefreshTokens` (`Status`,`Sub`);
--> statement-breakpoint
CREATE INDEX `RefreshTokens_ix_RefreshTokens_Sub` ON `RefreshTokens` (`Sub`);
