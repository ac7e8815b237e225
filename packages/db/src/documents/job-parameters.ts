import type { DocumentDatabase } from "./database.ts"

/** DiracX's JobParametersDB: what a job tells of itself. */
export const jobParametersDB: DocumentDatabase = {
  name: "JobParametersDB",
  indexPrefix: "job_parameters",
  numberField: "JobID",
  fields: {
    JobID: "long",
    timestamp: "date",
    PilotAgent: "keyword",
    Pilot_Reference: "keyword",
    CPUNormalizationFactor: "long",
    "NormCPUTime(s)": "long",
    "Memory(MB)": "long",
    LocalAccount: "keyword",
    "TotalCPUTime(s)": "long",
    PayloadPID: "long",
    HostName: "text",
    GridCE: "keyword",
    CEQueue: "keyword",
    BatchSystem: "keyword",
    ModelName: "keyword",
  },
  required: ["JobID", "timestamp"],
  key: ["JobID"],
  isWrittenOnce: false,
  timeField: "timestamp",
}
