import { ForbiddenError, NotFoundError } from "@spinor/core/errors"
import { PilotAgentsDB } from "@spinor/db/sql/pilot/pilot-agents-db"
import type { PilotDeps, PilotUser } from "./deps.ts"

// DiracX's PilotManagementAccessPolicy, an action a function.

/** The VO to which a user's view is confined; undefined for a service administrator, who sees all. */
export const visibleVo = ({ vo, properties }: PilotUser): string | undefined =>
  properties.has("ServiceAdministrator") ? undefined : vo

export function mustReadPilots({ properties }: PilotUser): void {
  if (properties.has("GenericPilot")) {
    throw new ForbiddenError("Pilots cannot read other pilots' metadata.")
  }
}

/** A pilot without a site director registers itself, in its own VO. */
export function mustRegisterPilots(user: PilotUser, vo: string): void {
  mustManagePilots(user)
  const confinedTo = visibleVo(user)
  if (confinedTo !== undefined && confinedTo !== vo) {
    throw new ForbiddenError("Pilots can only be registered for your own VO.")
  }
}

/**
 * A pilot changes one pilot a call, which bounds what a stolen token can do; all of the pilots must
 * be there.
 */
export async function mustChangePilots(
  { sql }: Pick<PilotDeps, "sql">,
  user: PilotUser,
  stamps: readonly string[],
): Promise<void> {
  mustManagePilots(user)
  const confinedTo = visibleVo(user)
  if (confinedTo !== undefined && stamps.length > 1) {
    throw new ForbiddenError("Insufficient permissions to modify more than one pilot.")
  }
  if (stamps.length === 0) return
  const known = await sql.read({ pilots: PilotAgentsDB }, ({ pilots }) => pilots.withStamps(stamps))
  const existing = new Set(known.map(({ stamp }) => stamp))
  if (!stamps.every((stamp) => existing.has(stamp))) {
    throw new NotFoundError("At least one pilot does not exist.")
  }
  if (confinedTo !== undefined && known.some(({ vo }) => vo !== confinedTo)) {
    throw new ForbiddenError("Insufficient permissions to access all of the provided pilots.")
  }
}

function mustManagePilots({ properties }: PilotUser): void {
  if (!properties.has("ServiceAdministrator") && !properties.has("GenericPilot")) {
    throw new ForbiddenError("Insufficient permissions to manage pilots.")
  }
}
