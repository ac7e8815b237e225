import type { Columns } from "../dialects/mysql-columns.ts"
import { outboxTable } from "../documents/outbox.ts"

/** PilotAgentsDB's tables. */
export const pilotTables = (columns: Columns) => {
  const {
    table,
    index,
    primaryKey,
    serial,
    int,
    bigint,
    double,
    string,
    text,
    json,
    datetime,
    flag,
  } = columns
  const { exactString, exactText } = columns

  const pilots = table(
    "PilotAgents",
    {
      pilotId: serial("PilotID"),
      initialJobId: int("InitialJobID").notNull(),
      currentJobId: int("CurrentJobID").notNull(),
      pilotJobReference: string("PilotJobReference", 255).notNull(),
      stamp: string("PilotStamp", 32).notNull(),
      destinationSite: string("DestinationSite", 128).notNull(),
      queue: string("Queue", 128).notNull(),
      gridSite: string("GridSite", 128).notNull(),
      vo: string("VO", 128).notNull(),
      gridType: string("GridType", 32).notNull(),
      benchMark: double("BenchMark").notNull(),
      submissionTime: datetime("SubmissionTime"),
      lastUpdateTime: datetime("LastUpdateTime"),
      status: string("Status", 32).notNull(),
      statusReason: string("StatusReason", 255).notNull(),
      accountingSent: flag("AccountingSent").notNull(),
    },
    (pilots) => [
      index("PilotAgents", "PilotJobReference").on(pilots.pilotJobReference),
      index("PilotAgents", "Status").on(pilots.status),
      index("PilotAgents", "Statuskey").on(pilots.gridSite, pilots.destinationSite, pilots.status),
      index("PilotAgents", "idx_dest_queue_status").on(
        pilots.destinationSite,
        pilots.queue,
        pilots.status,
      ),
      index("PilotAgents", "spinor_PilotStamp").on(pilots.stamp),
    ],
  )

  const jobToPilotMapping = table(
    "JobToPilotMapping",
    {
      pilotId: int("PilotID").notNull(),
      jobId: int("JobID").notNull(),
      startTime: datetime("StartTime").notNull(),
    },
    (mapping) => [
      primaryKey({ name: "JobToPilotMapping_pk", columns: [mapping.pilotId, mapping.jobId] }),
      index("JobToPilotMapping", "JobID").on(mapping.jobId),
      index("JobToPilotMapping", "PilotID").on(mapping.pilotId),
    ],
  )

  const pilotOutput = table("PilotOutput", {
    pilotId: serial("PilotID"),
    stdOutput: text("StdOutput").notNull(),
    stdError: text("StdError").notNull(),
  })

  /** Settles who registers a stamp: PilotAgents, as DIRAC made it, would take it twice. */
  const spinorPilotStamps = table("spinor_PilotStamps", {
    stamp: string("PilotStamp", 32).primaryKey(),
  })

  /** The embedded store of what a pilot tells of itself. */
  const spinorPilotParameters = table("spinor_PilotParameters", {
    pilotId: int("PilotID").primaryKey(),
    vo: exactString("VO", 128).notNull(),
    document: json("Document").$type<Record<string, unknown>>().notNull(),
  })

  /** The embedded store of what pilots write, a row a line. */
  const spinorPilotLogs = table(
    "spinor_PilotLogs",
    {
      stamp: exactString("PilotStamp", 32).notNull(),
      sequence: bigint("Sequence").notNull(),
      pilotId: int("PilotID").notNull(),
      vo: exactString("VO", 128).notNull(),
      /** Milliseconds since 1970. */
      time: bigint("Time").notNull(),
      severity: exactString("Severity", 16).notNull(),
      text: exactText("Text").notNull(),
      /** The words of the text in lower case, each between two spaces. */
      words: exactText("Words").notNull(),
    },
    (lines) => [
      primaryKey({ name: "spinor_PilotLogs_pk", columns: [lines.stamp, lines.sequence] }),
      index("spinor_PilotLogs", "Time").on(lines.time),
    ],
  )

  return {
    pilots,
    jobToPilotMapping,
    pilotOutput,
    spinorPilotStamps,
    spinorPilotParameters,
    spinorPilotLogs,
    spinorPilotOutbox: outboxTable(columns, "spinor_PilotOutbox"),
  }
}

export type PilotTables = ReturnType<typeof pilotTables>
