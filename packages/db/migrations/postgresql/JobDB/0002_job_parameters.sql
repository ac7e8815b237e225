CREATE TABLE "spinor_JobParameters" (
	"JobID" integer PRIMARY KEY NOT NULL,
	"VO" varchar(32) NOT NULL,
	"Document" json NOT NULL
);

--> statement-breakpoint
ALTER TABLE "spinor_JobParameters" ADD CONSTRAINT "spinor_JobParameters_ibfk_1" FOREIGN KEY ("JobID") REFERENCES "public"."Jobs"("JobID") ON DELETE cascade ON UPDATE restrict;
