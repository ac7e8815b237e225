ALTER TABLE `AuthorizationFlows` MODIFY `UUID` uuid NOT NULL;
--> statement-breakpoint
ALTER TABLE `RefreshTokens` MODIFY `JTI` uuid NOT NULL;
