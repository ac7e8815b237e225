import { NotFoundError } from "@spinor/core/errors"
import { epochMilliseconds, type Instant } from "@spinor/core/instant"
import type { PilotParameters } from "@spinor/core/models/pilots"
import type { PageRequest, DocumentSearchParams } from "@spinor/core/models/search"
import type { NewDocument } from "@spinor/db/documents/database"
import { PilotAgentsDB } from "@spinor/db/sql/pilot/pilot-agents-db"
import type { KnownPilot } from "@spinor/db/sql/pilot/records"
import { documentQuery, foundDocuments, type FoundDocuments } from "../documents/search.ts"
import type { PilotDeps, PilotUser } from "./deps.ts"
import { visibleVo } from "./policy.ts"

/**
 * Lays parameters over those that pilots have, of all pilots or of none.
 * @throws NotFoundError when a pilot does not exist
 */
export async function updatePilotParameters(
  { sql, clock, pilotParameters, outbox }: PilotDeps,
  updates: Readonly<Record<string, PilotParameters>>,
): Promise<void> {
  const given = new Map(Object.entries(updates).filter(([, each]) => hasValue(each)))
  if (given.size === 0) return
  await sql.write({ pilots: PilotAgentsDB }, async ({ pilots }, afterCommit) => {
    const now = clock()
    const known = await pilots.lockPilots([...given.keys()])
    const documents = known.flatMap((pilot) => {
      const parameters = given.get(pilot.stamp)
      return parameters === undefined ? [] : [pilotDocument(pilot, parameters, now)]
    })
    if (new Set(documents.map(({ document }) => document["PilotStamp"])).size < given.size) {
      throw new NotFoundError("at least one of the given pilots does not exist.")
    }
    await pilotParameters.write(pilots, documents, now)
    afterCommit(() => outbox.sendSome(sql))
  })
}

const hasValue = (parameters: PilotParameters): boolean =>
  Object.values(parameters).some((value) => value !== null)

/** A document of PilotParametersDB: it says which pilot it is of, and when it was written. */
const pilotDocument = (
  { pilotId, stamp, vo }: KnownPilot,
  parameters: PilotParameters,
  now: Instant,
): NewDocument => ({
  id: String(pilotId),
  number: pilotId,
  vo,
  document: {
    ...parameters,
    timestamp: parameters.timestamp ?? epochMilliseconds(now),
    PilotID: pilotId,
    PilotStamp: stamp,
    VO: vo,
  },
})

/** Searches the parameters of the pilots of the user's VO. */
export async function searchPilotParameters(
  { sql, pilotParameters }: PilotDeps,
  user: PilotUser,
  params: DocumentSearchParams,
  page: PageRequest,
): Promise<FoundDocuments> {
  const { declared } = pilotParameters
  const query = { ...documentQuery(declared, params, page), confinement: confinedTo(user) }
  return await sql.read({ pilots: PilotAgentsDB }, async ({ pilots }) =>
    foundDocuments(declared, query, await pilotParameters.search(pilots, query)),
  )
}

/** What is written of pilots tells their VO. */
export function confinedTo(user: PilotUser): { vo?: string } {
  const vo = visibleVo(user)
  return vo === undefined ? {} : { vo }
}
