CREATE INDEX `Jobs_spinor_VO_JobGroup` ON `Jobs` (`VO`,`JobGroup`);
