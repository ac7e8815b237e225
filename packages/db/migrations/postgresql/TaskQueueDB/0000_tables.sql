CREATE TABLE "tq_TaskQueues" (
	"TQId" serial PRIMARY KEY NOT NULL,
	"Owner" varchar(255) NOT NULL,
	"OwnerGroup" varchar(32) NOT NULL,
	"VO" varchar(32) NOT NULL,
	"CPUTime" bigint NOT NULL,
	"Priority" double precision NOT NULL,
	"Enabled" boolean NOT NULL
);

--> statement-breakpoint
CREATE TABLE "tq_Jobs" (
	"TQId" integer NOT NULL,
	"JobId" integer NOT NULL,
	"Priority" integer NOT NULL,
	"RealPriority" double precision NOT NULL,
	CONSTRAINT "tq_Jobs_pk" PRIMARY KEY("TQId","JobId")
);

--> statement-breakpoint
ALTER TABLE "tq_Jobs" ADD CONSTRAINT "tq_Jobs_ibfk_1" FOREIGN KEY ("TQId") REFERENCES "public"."tq_TaskQueues"("TQId") ON DELETE cascade ON UPDATE restrict;
--> statement-breakpoint
CREATE INDEX "tq_TaskQueues_TQOwner" ON "tq_TaskQueues" USING btree ("Owner","OwnerGroup","CPUTime");
--> statement-breakpoint
CREATE INDEX "tq_Jobs_TaskIndex" ON "tq_Jobs" USING btree ("TQId");
