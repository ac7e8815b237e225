CREATE INDEX `spinor_PilotStamp` ON `PilotAgents` (`PilotStamp`);
