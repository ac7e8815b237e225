CREATE TABLE "AuthorizationFlows" (
	"UUID" uuid PRIMARY KEY NOT NULL,
	"Status" varchar(16) DEFAULT 'PENDING' NOT NULL,
	"ClientID" varchar(255) NOT NULL,
	"CreationTime" timestamp(6) DEFAULT timezone('utc', current_timestamp) NOT NULL,
	"Scope" varchar(1024) NOT NULL,
	"CodeChallenge" varchar(255) NOT NULL,
	"CodeChallengeMethod" varchar(8) NOT NULL,
	"RedirectURI" varchar(255) NOT NULL,
	"Code" varchar(255),
	"IDToken" json
);

--> statement-breakpoint
CREATE TABLE "DeviceFlows" (
	"UserCode" varchar(8) PRIMARY KEY NOT NULL,
	"Status" varchar(16) DEFAULT 'PENDING' NOT NULL,
	"CreationTime" timestamp(6) DEFAULT timezone('utc', current_timestamp) NOT NULL,
	"ClientID" varchar(255) NOT NULL,
	"Scope" varchar(1024) NOT NULL,
	"DeviceCode" varchar(128) NOT NULL,
	"IDToken" json
);

--> statement-breakpoint
CREATE TABLE "RefreshTokens" (
	"JTI" uuid PRIMARY KEY NOT NULL,
	"Status" varchar(16) DEFAULT 'CREATED' NOT NULL,
	"Scope" varchar(1024) NOT NULL,
	"Sub" varchar(256) NOT NULL
);

--> statement-breakpoint
CREATE UNIQUE INDEX "DeviceFlows_DeviceCode" ON "DeviceFlows" USING btree ("DeviceCode");
--> statement-breakpoint
CREATE INDEX "RefreshTokens_index_status_sub" ON "RefreshTokens" USING btree ("Status","Sub");
--> statement-breakpoint
CREATE INDEX "RefreshTokens_ix_RefreshTokens_Sub" ON "RefreshTokens" USING btree ("Sub");
