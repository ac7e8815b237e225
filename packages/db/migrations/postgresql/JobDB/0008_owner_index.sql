CREATE INDEX "Jobs_spinor_VO_Owner_Status" ON "Jobs" USING btree ("VO","Owner","Status","JobID");
