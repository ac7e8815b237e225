CREATE INDEX `spinor_VO_Owner_Status` ON `Jobs` (`VO`,`Owner`,`Status`);
