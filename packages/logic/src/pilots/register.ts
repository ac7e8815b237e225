import { ConflictError, InvalidRequestError } from "@spinor/core/errors"
import type { PilotRegistrationParams } from "@spinor/core/models/pilots"
import { PilotAgentsDB } from "@spinor/db/sql/pilot/pilot-agents-db"
import type { PilotDeps } from "./deps.ts"

/**
 * Registers a pilot; of two who register a stamp at once, one.
 * @throws InvalidRequestError for a VO without configuration; ConflictError for a stamp that exists
 */
export async function registerPilot(
  { sql, config, clock }: PilotDeps,
  registration: PilotRegistrationParams,
): Promise<void> {
  const { pilot_stamp: stamp, vo } = registration
  const { Registry } = (await config.latest()).config
  if (!Object.hasOwn(Registry, vo)) {
    throw new InvalidRequestError(`VO '${vo}' is not registered in this installation.`)
  }
  await sql.write({ pilots: PilotAgentsDB }, async ({ pilots }) => {
    await pilots.reserveStamp(stamp)
    const earlier = await pilots.withStamps([stamp])
    if (earlier.length > 0) throw new ConflictError(`Pilot with stamp '${stamp}' already exists`)
    const now = clock()
    await pilots.insertPilot({
      stamp,
      vo,
      pilotJobReference: registration.pilot_reference || stamp,
      gridType: registration.grid_type,
      gridSite: registration.grid_site,
      destinationSite: registration.destination_site,
      status: registration.pilot_status,
      submissionTime: now,
      lastUpdateTime: now,
    })
  })
}
