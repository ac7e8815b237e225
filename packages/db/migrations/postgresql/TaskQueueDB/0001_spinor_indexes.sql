CREATE INDEX "tq_Jobs_spinor_JobId" ON "tq_Jobs" USING btree ("JobId");
