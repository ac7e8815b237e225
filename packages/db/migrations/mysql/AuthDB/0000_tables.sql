CREATE TABLE `AuthorizationFlows` (
	`UUID` char(32) NOT NULL,
	`Status` varchar(16) NOT NULL DEFAULT 'PENDING',
	`ClientID` varchar(255) NOT NULL,
	`CreationTime` datetime NOT NULL DEFAULT (utc_timestamp()),
	`Scope` varchar(1024) NOT NULL,
	`CodeChallenge` varchar(255) NOT NULL,
	`CodeChallengeMethod` varchar(8) NOT NULL,
	`RedirectURI` varchar(255) NOT NULL,
	`Code` varchar(255),
	`IDToken` json,
	CONSTRAINT `AuthorizationFlows_UUID` PRIMARY KEY(`UUID`)
);

--> statement-breakpoint
CREATE TABLE `DeviceFlows` (
	`UserCode` varchar(8) NOT NULL,
	`Status` varchar(16) NOT NULL DEFAULT 'PENDING',
	`CreationTime` datetime NOT NULL DEFAULT (utc_timestamp()),
	`ClientID` varchar(255) NOT NULL,
	`Scope` varchar(1024) NOT NULL,
	`DeviceCode` varchar(128) NOT NULL,
	`IDToken` json,
	CONSTRAINT `DeviceFlows_UserCode` PRIMARY KEY(`UserCode`),
	CONSTRAINT `DeviceCode` UNIQUE(`DeviceCode`)
);

--> statement-breakpoint
CREATE TABLE `RefreshTokens` (
	`JTI` char(32) NOT NULL,
	`Status` varchar(16) NOT NULL DEFAULT 'CREATED',
	`Scope` varchar(1024) NOT NULL,
	`Sub` varchar(256) NOT NULL,
	CONSTRAINT `RefreshTokens_JTI` PRIMARY KEY(`JTI`)
);

--> statement-breakpoint
CREATE INDEX `index_status_sub` ON `RefreshTokens` (`Status`,`Sub`);
--> statement-breakpoint
CREATE INDEX `ix_RefreshTokens_Sub` ON `RefreshTokens` (`Sub`);
