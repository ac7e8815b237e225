CREATE INDEX "Jobs_spinor_VO" ON "Jobs" USING btree ("VO");
--> statement-breakpoint
CREATE INDEX "Jobs_spinor_SubmissionTime" ON "Jobs" USING btree ("SubmissionTime");
