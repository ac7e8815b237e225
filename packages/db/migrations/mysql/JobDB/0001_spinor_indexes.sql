CREATE INDEX `spinor_VO` ON `Jobs` (`VO`);
--> statement-breakpoint
CREATE INDEX `spinor_SubmissionTime` ON `Jobs` (`SubmissionTime`);
