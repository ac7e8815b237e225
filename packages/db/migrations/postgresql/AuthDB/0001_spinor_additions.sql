CREATE TABLE "spinor_attempts" (
	"Subject" varchar(64) NOT NULL,
	"Minute" timestamp(6) NOT NULL,
	"Count" integer NOT NULL,
	CONSTRAINT "spinor_attempts_pk" PRIMARY KEY("Subject","Minute")
);

--> statement-breakpoint
CREATE INDEX "spinor_attempts_spinor_Minute" ON "spinor_attempts" USING btree ("Minute");
--> statement-breakpoint
CREATE INDEX "AuthorizationFlows_spinor_Code" ON "AuthorizationFlows" USING btree ("Code");
