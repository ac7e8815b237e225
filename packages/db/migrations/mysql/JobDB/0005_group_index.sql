CREATE INDEX `spinor_VO_JobGroup` ON `Jobs` (`VO`,`JobGroup`);
