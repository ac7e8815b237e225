import type { Settings } from "@spinor/core/settings/settings"
import { jobParametersDB } from "./job-parameters.ts"
import { pilotLogsDB } from "./pilot-logs.ts"
import { pilotParametersDB } from "./pilot-parameters.ts"

/** How many days documents are kept, by the names of their databases; 0 for ever. */
export const keptDays = (settings: Settings): Readonly<Record<string, number>> => ({
  [jobParametersDB.name]: settings.SPINOR_PARAMETERS_RETENTION_DAYS,
  [pilotParametersDB.name]: settings.SPINOR_PARAMETERS_RETENTION_DAYS,
  [pilotLogsDB.name]: settings.SPINOR_PILOT_LOGS_RETENTION_DAYS,
})
