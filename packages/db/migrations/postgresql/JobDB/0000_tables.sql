CREATE TABLE "JobJDLs" (
	"JobID" serial PRIMARY KEY NOT NULL,
	"JDL" text NOT NULL,
	"JobRequirements" text NOT NULL,
	"OriginalJDL" text NOT NULL
);

--> statement-breakpoint
CREATE TABLE "Jobs" (
	"JobID" integer PRIMARY KEY NOT NULL,
	"JobType" varchar(32) NOT NULL,
	"JobGroup" varchar(32) NOT NULL,
	"Site" varchar(100) NOT NULL,
	"JobName" varchar(128) NOT NULL,
	"Owner" varchar(64) NOT NULL,
	"OwnerGroup" varchar(128) NOT NULL,
	"VO" varchar(32) NOT NULL,
	"SubmissionTime" timestamp(6),
	"RescheduleTime" timestamp(6),
	"LastUpdateTime" timestamp(6),
	"StartExecTime" timestamp(6),
	"HeartBeatTime" timestamp(6),
	"EndExecTime" timestamp(6),
	"Status" varchar(32) NOT NULL,
	"MinorStatus" varchar(128) NOT NULL,
	"ApplicationStatus" varchar(255) NOT NULL,
	"UserPriority" integer NOT NULL,
	"RescheduleCounter" integer NOT NULL,
	"VerifiedFlag" varchar(5) NOT NULL,
	"AccountedFlag" varchar(6) NOT NULL
);

--> statement-breakpoint
CREATE TABLE "InputData" (
	"JobID" integer NOT NULL,
	"LFN" varchar(255) NOT NULL,
	"Status" varchar(32) NOT NULL,
	CONSTRAINT "InputData_pk" PRIMARY KEY("JobID","LFN")
);

--> statement-breakpoint
CREATE TABLE "JobParameters" (
	"JobID" integer NOT NULL,
	"Name" varchar(100) NOT NULL,
	"Value" text NOT NULL,
	CONSTRAINT "JobParameters_pk" PRIMARY KEY("JobID","Name")
);

--> statement-breakpoint
CREATE TABLE "OptimizerParameters" (
	"JobID" integer NOT NULL,
	"Name" varchar(100) NOT NULL,
	"Value" text NOT NULL,
	CONSTRAINT "OptimizerParameters_pk" PRIMARY KEY("JobID","Name")
);

--> statement-breakpoint
CREATE TABLE "AtticJobParameters" (
	"JobID" integer NOT NULL,
	"Name" varchar(100) NOT NULL,
	"Value" text NOT NULL,
	"RescheduleCycle" integer NOT NULL,
	CONSTRAINT "AtticJobParameters_pk" PRIMARY KEY("JobID","Name")
);

--> statement-breakpoint
CREATE TABLE "HeartBeatLoggingInfo" (
	"JobID" integer NOT NULL,
	"Name" varchar(100) NOT NULL,
	"Value" text NOT NULL,
	"HeartBeatTime" timestamp(6) NOT NULL,
	CONSTRAINT "HeartBeatLoggingInfo_pk" PRIMARY KEY("JobID","Name","HeartBeatTime")
);

--> statement-breakpoint
CREATE TABLE "JobCommands" (
	"JobID" integer NOT NULL,
	"Command" varchar(100) NOT NULL,
	"Arguments" varchar(100) NOT NULL,
	"Status" varchar(64) NOT NULL,
	"ReceptionTime" timestamp(6) NOT NULL,
	"ExecutionTime" timestamp(6),
	CONSTRAINT "JobCommands_pk" PRIMARY KEY("JobID","ReceptionTime")
);

--> statement-breakpoint
ALTER TABLE "Jobs" ADD CONSTRAINT "Jobs_ibfk_1" FOREIGN KEY ("JobID") REFERENCES "public"."JobJDLs"("JobID") ON DELETE cascade ON UPDATE restrict;
--> statement-breakpoint
ALTER TABLE "InputData" ADD CONSTRAINT "InputData_ibfk_1" FOREIGN KEY ("JobID") REFERENCES "public"."Jobs"("JobID") ON DELETE cascade ON UPDATE restrict;
--> statement-breakpoint
ALTER TABLE "JobParameters" ADD CONSTRAINT "JobParameters_ibfk_1" FOREIGN KEY ("JobID") REFERENCES "public"."Jobs"("JobID") ON DELETE cascade ON UPDATE restrict;
--> statement-breakpoint
ALTER TABLE "OptimizerParameters" ADD CONSTRAINT "OptimizerParameters_ibfk_1" FOREIGN KEY ("JobID") REFERENCES "public"."Jobs"("JobID") ON DELETE cascade ON UPDATE restrict;
--> statement-breakpoint
ALTER TABLE "AtticJobParameters" ADD CONSTRAINT "AtticJobParameters_ibfk_1" FOREIGN KEY ("JobID") REFERENCES "public"."Jobs"("JobID") ON DELETE cascade ON UPDATE restrict;
--> statement-breakpoint
ALTER TABLE "HeartBeatLoggingInfo" ADD CONSTRAINT "HeartBeatLoggingInfo_ibfk_1" FOREIGN KEY ("JobID") REFERENCES "public"."Jobs"("JobID") ON DELETE cascade ON UPDATE restrict;
--> statement-breakpoint
ALTER TABLE "JobCommands" ADD CONSTRAINT "JobCommands_ibfk_1" FOREIGN KEY ("JobID") REFERENCES "public"."Jobs"("JobID") ON DELETE cascade ON UPDATE restrict;
--> statement-breakpoint
CREATE INDEX "Jobs_JobType" ON "Jobs" USING btree ("JobType");
--> statement-breakpoint
CREATE INDEX "Jobs_JobGroup" ON "Jobs" USING btree ("JobGroup");
--> statement-breakpoint
CREATE INDEX "Jobs_Site" ON "Jobs" USING btree ("Site");
--> statement-breakpoint
CREATE INDEX "Jobs_Owner" ON "Jobs" USING btree ("Owner");
--> statement-breakpoint
CREATE INDEX "Jobs_OwnerGroup" ON "Jobs" USING btree ("OwnerGroup");
--> statement-breakpoint
CREATE INDEX "Jobs_Status" ON "Jobs" USING btree ("Status");
--> statement-breakpoint
CREATE INDEX "Jobs_MinorStatus" ON "Jobs" USING btree ("MinorStatus");
--> statement-breakpoint
CREATE INDEX "Jobs_ApplicationStatus" ON "Jobs" USING btree ("ApplicationStatus");
--> statement-breakpoint
CREATE INDEX "Jobs_StatusSite" ON "Jobs" USING btree ("Status","Site");
--> statement-breakpoint
CREATE INDEX "Jobs_LastUpdateTime" ON "Jobs" USING btree ("LastUpdateTime");
