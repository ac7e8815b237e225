import type { DocumentDatabase } from "./database.ts"

/** What a pilot tells of itself and of its worker node. */
export const pilotParametersDB: DocumentDatabase = {
  name: "PilotParametersDB",
  indexPrefix: "pilot_parameters",
  numberField: "PilotID",
  fields: {
    PilotID: "long",
    PilotStamp: "keyword",
    VO: "keyword",
    timestamp: "date",
    HostName: "keyword",
    LocalAccount: "keyword",
    GridCE: "keyword",
    CEQueue: "keyword",
    BatchSystem: "keyword",
    BatchJobID: "keyword",
    ModelName: "keyword",
    Platform: "keyword",
    PilotVersion: "keyword",
    DIRACVersion: "keyword",
    CPUNormalizationFactor: "long",
    "CPUTimeLeft(s)": "long",
    NumberOfProcessors: "long",
    "Memory(MB)": "long",
    "DiskSpace(MB)": "long",
  },
  required: ["PilotID", "PilotStamp", "VO", "timestamp"],
  key: ["PilotID"],
  isWrittenOnce: false,
  timeField: "timestamp",
}
