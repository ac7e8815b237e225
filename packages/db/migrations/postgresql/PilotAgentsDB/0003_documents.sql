CREATE TABLE "spinor_PilotParameters" (
	"PilotID" integer PRIMARY KEY NOT NULL,
	"VO" varchar(128) collate "C" NOT NULL,
	"Document" json NOT NULL
);

--> statement-breakpoint
CREATE TABLE "spinor_PilotLogs" (
	"PilotStamp" varchar(32) collate "C" NOT NULL,
	"Sequence" bigint NOT NULL,
	"PilotID" integer NOT NULL,
	"VO" varchar(128) collate "C" NOT NULL,
	"Time" bigint NOT NULL,
	"Severity" varchar(16) collate "C" NOT NULL,
	"Text" text collate "C" NOT NULL,
	"Words" text collate "C" NOT NULL,
	CONSTRAINT "spinor_PilotLogs_pk" PRIMARY KEY("PilotStamp","Sequence")
);

--> statement-breakpoint
CREATE TABLE "spinor_PilotOutbox" (
	"ID" bigserial PRIMARY KEY NOT NULL,
	"DatabaseName" varchar(32) NOT NULL,
	"DocumentID" varchar(64) collate "C" NOT NULL,
	"Number" bigint NOT NULL,
	"VO" varchar(128) collate "C" NOT NULL,
	"Document" json NOT NULL,
	"Since" timestamp(6) NOT NULL,
	"Refusal" varchar(255) collate "C"
);

--> statement-breakpoint
CREATE INDEX "spinor_PilotLogs_Time" ON "spinor_PilotLogs" USING btree ("Time");
--> statement-breakpoint
CREATE INDEX "spinor_PilotOutbox_DocumentID" ON "spinor_PilotOutbox" USING btree ("DocumentID","DatabaseName");
