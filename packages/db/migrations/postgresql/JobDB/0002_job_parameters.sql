CREATE TABLE "spinor_JobParameters" (
	"JobID" integer PRIMARY KEY NOT NULL,
	"VO" varchar(32) NOT NULL,
	"Document" json NOT NULL
);
