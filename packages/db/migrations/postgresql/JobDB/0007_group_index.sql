CREATE INDEX "Jobs_spinor_VO_JobGroup" ON "Jobs" USING btree ("VO","JobGroup","JobID");
