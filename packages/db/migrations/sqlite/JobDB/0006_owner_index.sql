CREATE INDEX `Jobs_spinor_VO_Owner_Status` ON `Jobs` (`VO`,`Owner`,`Status`);
