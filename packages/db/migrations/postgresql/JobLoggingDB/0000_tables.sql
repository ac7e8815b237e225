CREATE TABLE "LoggingInfo" (
	"JobID" integer NOT NULL,
	"SeqNum" integer NOT NULL,
	"Status" varchar(32) NOT NULL,
	"MinorStatus" varchar(128) NOT NULL,
	"ApplicationStatus" varchar(255) NOT NULL,
	"StatusTime" timestamp(6) DEFAULT timezone('utc', current_timestamp) NOT NULL,
	"StatusTimeOrder" numeric(12,3) NOT NULL,
	"StatusSource" varchar(32) NOT NULL,
	CONSTRAINT "LoggingInfo_pk" PRIMARY KEY("JobID","SeqNum")
);

