import type { DocumentDatabase } from "./database.ts"

/** What pilots write while they run, a document a line. */
export const pilotLogsDB: DocumentDatabase = {
  name: "PilotLogsDB",
  indexPrefix: "pilot_logs",
  numberField: "PilotID",
  fields: {
    PilotID: "long",
    PilotStamp: "keyword",
    VO: "keyword",
    Sequence: "long",
    Time: "date",
    Severity: "keyword",
    Text: "text",
  },
  required: ["PilotID", "PilotStamp", "VO", "Sequence", "Time", "Severity"],
  key: ["PilotStamp", "Sequence"],
  textField: "Text",
  isWrittenOnce: true,
  timeField: "Time",
}
