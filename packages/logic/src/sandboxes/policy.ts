import { ForbiddenError } from "@spinor/core/errors"
import { ownPrefix, withoutSe } from "@spinor/core/sandboxes/pfn"
import {
  SandboxMetadataDB,
  type SandboxOwner,
} from "@spinor/db/sql/sandbox-metadata/sandbox-metadata-db"
import type { SandboxDeps, SandboxUser } from "./deps.ts"

// DiracX's SandboxAccessPolicy, an action a function.

export function mustCreateSandboxes({ properties }: SandboxUser): void {
  if (!properties.has("NormalUser")) throw new ForbiddenError()
}

/** Administrators read every sandbox, users their own: by its name, and by its row. */
export async function mustReadSandbox(
  { sql, sandboxStore: { bucket, seName } }: Pick<SandboxDeps, "sql" | "sandboxStore">,
  user: SandboxUser,
  pfn: string,
): Promise<void> {
  if (user.properties.has("JobAdministrator")) return
  if (!user.properties.has("NormalUser")) throw new ForbiddenError()
  const place = { seName, pfn: withoutSe(pfn) }
  const prefix = ownPrefix({ bucket, vo: user.vo, group: user.group, user: user.preferredUsername })
  if (!place.pfn.startsWith(prefix)) {
    throw new ForbiddenError(`Invalid PFN. PFN must start with ${prefix}`)
  }
  const owns = await sql.read({ sandboxes: SandboxMetadataDB }, async ({ sandboxes }) => {
    const sandbox = await sandboxes.sandbox(place)
    if (sandbox === undefined) return false
    return (await sandboxes.ownerIds(ownerOf(user))).includes(sandbox.ownerId)
  })
  if (!owns) throw new ForbiddenError(`${user.preferredUsername} is not the owner of the sandbox`)
}

export const ownerOf = ({ vo, group, preferredUsername }: SandboxUser): SandboxOwner => ({
  owner: preferredUsername,
  ownerGroup: group,
  vo,
})
