CREATE INDEX "Jobs_spinor_VO_Status" ON "Jobs" USING btree ("VO","Status");
--> statement-breakpoint
DROP INDEX "Jobs_spinor_VO";
