/**
 * What Spinor adds to the tables of DIRAC and DiracX, whose names begin with spinor_: tables, and
 * indexes as `<table>.<index>`. A migration makes them in an adopted database too.
 */
export const ownAdditions = {
  tables: [
    "spinor_JobParameters",
    "spinor_PilotLogs",
    "spinor_PilotOutbox",
    "spinor_PilotParameters",
    "spinor_PilotStamps",
    "spinor_attempts",
    "spinor_leases",
    "spinor_migrations",
    "spinor_outbox",
  ],
  indexes: [
    "AuthorizationFlows.spinor_Code",
    "Jobs.spinor_SubmissionTime",
    "Jobs.spinor_VO_JobGroup",
    "Jobs.spinor_VO_Owner_Status",
    "Jobs.spinor_VO_Status",
    "PilotAgents.spinor_PilotStamp",
    "tq_Jobs.spinor_JobId",
  ],
}
