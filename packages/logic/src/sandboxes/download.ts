import { InvalidRequestError } from "@spinor/core/errors"
import { keyOf, withoutSe } from "@spinor/core/sandboxes/pfn"
import { SandboxMetadataDB } from "@spinor/db/sql/sandbox-metadata/sandbox-metadata-db"
import type { SandboxDeps } from "./deps.ts"

/**
 * Signs the download of a sandbox, which counts as an access to it.
 * @throws InvalidRequestError when it was never registered
 */
export async function signDownload(
  { sql, clock, sandboxStore: store }: SandboxDeps,
  pfn: string,
): Promise<string> {
  const place = { seName: store.seName, pfn: withoutSe(pfn) }
  await sql.write({ sandboxes: SandboxMetadataDB }, async ({ sandboxes }) => {
    const known = await sandboxes.sandbox(place)
    if (known !== undefined && (await sandboxes.touch(known.sandboxId, clock()))) return
    throw new InvalidRequestError(`Sandbox with ${place.pfn} and ${place.seName} not found`)
  })
  return await store.signDownload(keyOf(place.pfn))
}
