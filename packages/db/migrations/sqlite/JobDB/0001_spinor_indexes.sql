CREATE INDEX `Jobs_spinor_VO` ON `Jobs` (`VO`);
--> statement-breakpoint
CREATE INDEX `Jobs_spinor_SubmissionTime` ON `Jobs` (`SubmissionTime`);
