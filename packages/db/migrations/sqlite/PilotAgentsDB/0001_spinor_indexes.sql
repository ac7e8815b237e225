CREATE INDEX `PilotAgents_spinor_PilotStamp` ON `PilotAgents` (`PilotStamp`);
