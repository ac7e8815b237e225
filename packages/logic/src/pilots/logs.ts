import { NotFoundError } from "@spinor/core/errors"
import { epochMilliseconds } from "@spinor/core/instant"
import type { PilotLogLine } from "@spinor/core/models/pilots"
import type { PageRequest, LogSearchParams } from "@spinor/core/models/search"
import type { NewDocument } from "@spinor/db/documents/database"
import { PilotAgentsDB } from "@spinor/db/sql/pilot/pilot-agents-db"
import type { KnownPilot } from "@spinor/db/sql/pilot/records"
import { documentQuery, foundDocuments, type FoundDocuments } from "../documents/search.ts"
import type { PilotDeps, PilotUser } from "./deps.ts"
import { confinedTo } from "./parameters.ts"

/**
 * Appends lines to the logs of pilots, by their stamps. A line whose number is there already stays as it
 * is, so that a batch may be sent again.
 * @throws NotFoundError when a pilot does not exist
 */
export async function addPilotLogs(
  { sql, clock, pilotLogs, outbox }: PilotDeps,
  batches: Readonly<Record<string, readonly PilotLogLine[]>>,
): Promise<void> {
  const given = new Map(Object.entries(batches).filter(([, lines]) => lines.length > 0))
  if (given.size === 0) return
  await sql.write({ pilots: PilotAgentsDB }, async ({ pilots }, afterCommit) => {
    const known = await pilots.withStamps([...given.keys()])
    // DIRAC may have given a stamp to two pilots: the first one has the log.
    const withStamp = new Map(known.toReversed().map((pilot) => [pilot.stamp, pilot]))
    const documents = [...given].flatMap(([stamp, lines]) => {
      const pilot = withStamp.get(stamp)
      if (pilot !== undefined) return firstOfEach(lines).map((line) => lineDocument(pilot, line))
      throw new NotFoundError("at least one of the given pilots does not exist.")
    })
    await pilotLogs.write(pilots, documents, clock())
    afterCommit(() => outbox.sendSome(sql))
  })
}

/** Of lines with one number the first. */
const firstOfEach = (lines: readonly PilotLogLine[]): PilotLogLine[] => [
  ...new Map(lines.toReversed().map((line) => [line.sequence, line])).values(),
]

const lineDocument = (
  { pilotId, stamp, vo }: KnownPilot,
  { sequence, time, severity, text }: PilotLogLine,
): NewDocument => ({
  id: `${stamp}:${sequence}`,
  number: pilotId,
  vo,
  document: {
    PilotID: pilotId,
    PilotStamp: stamp,
    VO: vo,
    Sequence: sequence,
    Time: epochMilliseconds(time),
    Severity: severity,
    Text: text,
  },
})

/** Searches the logs of the pilots of the user's VO; in the order of stamps and numbers of lines. */
export async function searchPilotLogs(
  { sql, pilotLogs }: PilotDeps,
  user: PilotUser,
  params: LogSearchParams,
  page: PageRequest,
): Promise<FoundDocuments> {
  const { declared } = pilotLogs
  const query = { ...documentQuery(declared, params, page), confinement: confinedTo(user) }
  return await sql.read({ pilots: PilotAgentsDB }, async ({ pilots }) =>
    foundDocuments(declared, query, await pilotLogs.search(pilots, query)),
  )
}
