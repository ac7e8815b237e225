import { NotFoundError } from "@spinor/core/errors"
import type { PilotMetadata } from "@spinor/core/models/pilots"
import { PilotAgentsDB } from "@spinor/db/sql/pilot/pilot-agents-db"
import type { PilotChange } from "@spinor/db/sql/pilot/records"
import type { PilotDeps } from "./deps.ts"

/**
 * Changes pilots, all or none of them; each of them counts as updated, unless nothing changes at all.
 * @throws NotFoundError when a pilot does not exist
 */
export async function updatePilots(
  { sql, clock }: Pick<PilotDeps, "sql" | "clock">,
  updates: Readonly<Record<string, PilotMetadata>>,
): Promise<void> {
  const changes = new Map(
    Object.entries(updates).map(([stamp, metadata]) => [stamp, changeOf(metadata)]),
  )
  if (![...changes.values()].some(hasValue)) return
  const now = clock()
  await sql.write({ pilots: PilotAgentsDB }, async ({ pilots }) => {
    const known = await pilots.withStamps([...changes.keys()])
    const existing = new Set(known.map(({ stamp }) => stamp))
    if (![...changes.keys()].every((stamp) => existing.has(stamp))) {
      throw new NotFoundError("at least one of the given pilots does not exist.")
    }
    const byId = known.flatMap(({ pilotId, stamp }) => {
      const change = changes.get(stamp)
      return change === undefined ? [] : [[pilotId, { ...change, lastUpdateTime: now }] as const]
    })
    await pilots.updatePilots(new Map(byId))
  })
}

const hasValue = (change: PilotChange): boolean =>
  Object.values(change).some((value) => value !== null)

const changeOf = (metadata: PilotMetadata): PilotChange => ({
  status: metadata.Status,
  statusReason: metadata.StatusReason,
  benchMark: metadata.BenchMark,
  destinationSite: metadata.DestinationSite,
  queue: metadata.Queue,
  gridSite: metadata.GridSite,
  gridType: metadata.GridType,
  accountingSent: metadata.AccountingSent,
  currentJobId: metadata.CurrentJobID,
})
