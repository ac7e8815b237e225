CREATE TABLE "PilotAgents" (
	"PilotID" serial PRIMARY KEY NOT NULL,
	"InitialJobID" integer NOT NULL,
	"CurrentJobID" integer NOT NULL,
	"PilotJobReference" varchar(255) NOT NULL,
	"PilotStamp" varchar(32) NOT NULL,
	"DestinationSite" varchar(128) NOT NULL,
	"Queue" varchar(128) NOT NULL,
	"GridSite" varchar(128) NOT NULL,
	"VO" varchar(128) NOT NULL,
	"GridType" varchar(32) NOT NULL,
	"BenchMark" double precision NOT NULL,
	"SubmissionTime" timestamp(6),
	"LastUpdateTime" timestamp(6),
	"Status" varchar(32) NOT NULL,
	"StatusReason" varchar(255) NOT NULL,
	"AccountingSent" varchar(5) NOT NULL
);

--> statement-breakpoint
CREATE TABLE "JobToPilotMapping" (
	"PilotID" integer NOT NULL,
	"JobID" integer NOT NULL,
	"StartTime" timestamp(6) NOT NULL,
	CONSTRAINT "JobToPilotMapping_pk" PRIMARY KEY("PilotID","JobID")
);

--> statement-breakpoint
CREATE TABLE "PilotOutput" (
	"PilotID" serial PRIMARY KEY NOT NULL,
	"StdOutput" text NOT NULL,
	"StdError" text NOT NULL
);

--> statement-breakpoint
CREATE INDEX "PilotAgents_PilotJobReference" ON "PilotAgents" USING btree ("PilotJobReference");
--> statement-breakpoint
CREATE INDEX "PilotAgents_Status" ON "PilotAgents" USING btree ("Status");
--> statement-breakpoint
CREATE INDEX "PilotAgents_Statuskey" ON "PilotAgents" USING btree ("GridSite","DestinationSite","Status");
--> statement-breakpoint
CREATE INDEX "PilotAgents_idx_dest_queue_status" ON "PilotAgents" USING btree ("DestinationSite","Queue","Status");
--> statement-breakpoint
CREATE INDEX "JobToPilotMapping_JobID" ON "JobToPilotMapping" USING btree ("JobID");
--> statement-breakpoint
CREATE INDEX "JobToPilotMapping_PilotID" ON "JobToPilotMapping" USING btree ("PilotID");
