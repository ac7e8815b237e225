import { boolean, integer, text } from "../models/lax.ts"
import { anything, list, mapping, optional, section, type Leniency } from "./fields.ts"

const PROTOCOL = "DIRAC.WorkloadManagementSystem.Client.InputDataByProtocol"

const inputDataPolicy = (leniency: Leniency) =>
  section(
    {
      // The words before the class are part of DiracX's default: clients of both services read the same.
      Default: text.default(`Default = ${PROTOCOL}`),
      Download: text.default("DIRAC.WorkloadManagementSystem.Client.DownloadInputData"),
      Protocol: text.default(PROTOCOL),
      AllReplicas: boolean.default(true),
      Protocols: section({
        Remote: list(leniency).default([]),
        Local: list(leniency).default([]),
      }).prefault({}),
      InputDataModule: text.default("DIRAC.Core.Utilities.InputDataResolution"),
    },
    { unknownKeys: "ignore" },
  )

const jobDescription = (leniency: Leniency) =>
  section({
    DefaultCPUTime: integer.default(86_400),
    DefaultPriority: integer.default(1),
    MinCPUTime: integer.default(100),
    MinPriority: integer.default(0),
    MaxCPUTime: integer.default(500_000),
    MaxPriority: integer.default(10),
    MaxInputData: integer.default(100),
    AllowedJobTypes: list(leniency).default(["User", "Test", "Hospital"]),
  })

/** How the services treat one VO (DiracX's OperationsConfig). CPU times are in seconds. */
export const operations = (leniency: Leniency) => {
  const free = optional(mapping(anything), leniency)
  return section({
    EnableSecurityLogging: boolean.default(false),
    InputDataPolicy: inputDataPolicy(leniency).prefault({}),
    JobDescription: jobDescription(leniency).prefault({}),
    Services: section({
      Catalogs: free,
      JobMonitoring: section({ GlobalJobsInfo: boolean.default(true) }).prefault({}),
      JobScheduling: section({
        EnableSharesCorrection: boolean.default(false),
        MaxRescheduling: integer.default(3),
      }).prefault({}),
    }).prefault({}),
    SoftwareDistModule: text.default("LocalSoftwareDist"),
    Cloud: free,
    DataConsistency: free,
    DataManagement: free,
    EMail: free,
    GaudiExecution: free,
    Hospital: free,
    JobScheduling: free,
    JobTypeMapping: free,
    LogFiles: free,
    LogStorage: free,
    Logging: free,
    Matching: free,
    MonitoringBackends: free,
    NagiosConnector: free,
    Pilot: free,
    Productions: free,
    Shares: free,
    Shifter: free,
    SiteSEMappingByProtocol: free,
    TransformationPlugins: free,
    Transformations: free,
    ResourceStatus: free,
  })
}
