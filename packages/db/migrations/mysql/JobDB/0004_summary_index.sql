CREATE INDEX `spinor_VO_Status` ON `Jobs` (`VO`,`Status`);
--> statement-breakpoint
DROP INDEX `spinor_VO` ON `Jobs`;
