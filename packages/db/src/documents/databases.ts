import type { DocumentDatabase } from "./database.ts"
import { jobParametersDB } from "./job-parameters.ts"
import { pilotLogsDB } from "./pilot-logs.ts"
import { pilotParametersDB } from "./pilot-parameters.ts"

/** The databases of documents, by the names that DIRACX_OS_DB_<NAME> spells. */
export const DOCUMENT_DATABASES: readonly DocumentDatabase[] = [
  jobParametersDB,
  pilotParametersDB,
  pilotLogsDB,
]
