CREATE TABLE "sb_Owners" (
	"OwnerID" serial PRIMARY KEY NOT NULL,
	"Owner" varchar(32) NOT NULL,
	"OwnerGroup" varchar(32) NOT NULL,
	"VO" varchar(64) NOT NULL
);

--> statement-breakpoint
CREATE TABLE "sb_SandBoxes" (
	"SBId" serial PRIMARY KEY NOT NULL,
	"OwnerId" integer NOT NULL,
	"SEName" varchar(64) NOT NULL,
	"SEPFN" varchar(512) NOT NULL,
	"Bytes" bigint NOT NULL,
	"RegistrationTime" timestamp(6) DEFAULT timezone('utc', current_timestamp) NOT NULL,
	"LastAccessTime" timestamp(6) DEFAULT timezone('utc', current_timestamp) NOT NULL,
	"Assigned" boolean NOT NULL
);

--> statement-breakpoint
CREATE TABLE "sb_EntityMapping" (
	"SBId" integer NOT NULL,
	"EntityId" varchar(128) NOT NULL,
	"Type" varchar(64) NOT NULL,
	CONSTRAINT "sb_EntityMapping_pk" PRIMARY KEY("SBId","EntityId","Type")
);

--> statement-breakpoint
CREATE UNIQUE INDEX "sb_Owners_unique_owner_group_vo" ON "sb_Owners" USING btree ("Owner","OwnerGroup","VO");
--> statement-breakpoint
CREATE UNIQUE INDEX "sb_SandBoxes_Location" ON "sb_SandBoxes" USING btree ("SEName","SEPFN");
--> statement-breakpoint
CREATE INDEX "sb_SandBoxes_OwnerId" ON "sb_SandBoxes" USING btree ("OwnerId");
--> statement-breakpoint
CREATE UNIQUE INDEX "sb_EntityMapping_Mapping" ON "sb_EntityMapping" USING btree ("SBId","EntityId","Type");
--> statement-breakpoint
CREATE INDEX "sb_EntityMapping_SBId" ON "sb_EntityMapping" USING btree ("EntityId");
