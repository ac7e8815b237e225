CREATE INDEX "PilotAgents_spinor_PilotStamp" ON "PilotAgents" USING btree ("PilotStamp");
