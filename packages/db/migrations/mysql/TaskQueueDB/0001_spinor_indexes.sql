CREATE INDEX `spinor_JobId` ON `tq_Jobs` (`JobId`);
