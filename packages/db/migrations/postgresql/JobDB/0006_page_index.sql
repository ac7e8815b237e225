DROP INDEX "Jobs_spinor_VO_Status";
--> statement-breakpoint
CREATE INDEX "Jobs_spinor_VO_Status" ON "Jobs" USING btree ("VO","Status","JobID");
