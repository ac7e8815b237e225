import type { DocumentDatabase, NewDocument } from "@spinor/db/documents/database"
import { jobParametersDB } from "@spinor/db/documents/job-parameters"
import { pilotLogsDB } from "@spinor/db/documents/pilot-logs"
import { pilotParametersDB } from "@spinor/db/documents/pilot-parameters"
import { storable } from "@spinor/db/documents/document"
import type { SqlDatabaseClass } from "@spinor/db/sql/database"
import type { SqlDocuments } from "@spinor/db/sql/documents/sql-documents"
import { JobDB } from "@spinor/db/sql/job/job-db"
import { PilotAgentsDB } from "@spinor/db/sql/pilot/pilot-agents-db"
import type { LogLine } from "@spinor/db/sql/pilot/records"
import type { DocumentStore } from "./store.ts"

/** Keeps documents in a table of their owner, and so in the same transaction as all else. */
const inSql = <Owner>(
  Owner: SqlDatabaseClass<Owner>,
  declared: DocumentDatabase,
  documentsOf: (owner: Owner) => SqlDocuments,
  write: (owner: Owner, documents: readonly NewDocument[]) => Promise<void>,
): DocumentStore<Owner> => ({
  declared,
  async write(owner, documents) {
    const checked = documents.map((each) => storable(declared, each))
    await write(owner, checked)
  },
  async deliver(owner, documents) {
    await write(owner, documents)
    return documents.map(() => ({ is: "stored" }))
  },
  search: (owner, query) => documentsOf(owner).search(query),
  problem: () => undefined,
  upkeep: (sql) => ({
    place: "SQL",
    async status() {
      const part = await sql.read({ owner: Owner }, ({ owner }) => documentsOf(owner).size())
      return { parts: [part] }
    },
    migrate: async () => undefined,
    async removeBefore(before, progress) {
      let removed = 0
      const removePart = () =>
        sql.write({ owner: Owner }, ({ owner }) => documentsOf(owner).removeBefore(before))
      for (let part = await removePart(); part > 0; part = await removePart()) {
        removed += part
        progress(removed)
      }
      return removed
    },
  }),
})

export const jobParametersInSql = inSql(
  JobDB,
  jobParametersDB,
  (jobs) => jobs.parameters,
  (jobs, documents) => jobs.mergeParameters(documents),
)

export const pilotParametersInSql = inSql(
  PilotAgentsDB,
  pilotParametersDB,
  (pilots) => pilots.parameters,
  (pilots, documents) => pilots.mergeParameters(documents),
)

export const pilotLogsInSql = inSql(
  PilotAgentsDB,
  pilotLogsDB,
  (pilots) => pilots.logs,
  (pilots, documents) => pilots.appendLogs(documents.map(lineOf)),
)

const lineOf = ({ number, vo, document }: NewDocument): LogLine => ({
  pilotId: number,
  vo,
  stamp: String(document["PilotStamp"]),
  sequence: Number(document["Sequence"]),
  time: Number(document["Time"]),
  severity: String(document["Severity"]),
  text: String(document["Text"]),
})
