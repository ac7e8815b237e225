CREATE INDEX `Jobs_spinor_VO_Status` ON `Jobs` (`VO`,`Status`);
--> statement-breakpoint
DROP INDEX `Jobs_spinor_VO`;
