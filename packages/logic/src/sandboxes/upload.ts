import { InvalidRequestError } from "@spinor/core/errors"
import type { Instant } from "@spinor/core/instant"
import type { SandboxInfo } from "@spinor/core/models/sandboxes"
import { keyOf, pfnOf, withSe } from "@spinor/core/sandboxes/pfn"
import {
  SandboxMetadataDB,
  type SandboxOwner,
  type SandboxPlace,
} from "@spinor/db/sql/sandbox-metadata/sandbox-metadata-db"
import type { SandboxDeps, SandboxUser } from "./deps.ts"
import { ownerOf } from "./policy.ts"
import type { SignedUpload } from "./store.ts"

/** 100 MiB. */
const MAX_BYTES = 104_857_600

/** A sandbox, and where to send it; nowhere, when the store has it already. */
export interface InitiatedUpload {
  /** With its SE. */
  readonly pfn: string
  readonly upload: SignedUpload | undefined
}

/**
 * Registers a sandbox and signs its upload. One that is assigned to a job is known to be in the
 * store, and others are looked for there: what is stored is not uploaded again.
 * @throws InvalidRequestError for more than 100 MiB
 */
export async function initiateUpload(
  { sql, clock, sandboxStore: store }: SandboxDeps,
  user: SandboxUser,
  { size, format, checksum, checksum_algorithm: algorithm }: SandboxInfo,
): Promise<InitiatedUpload> {
  if (size > MAX_BYTES) {
    throw new InvalidRequestError(`Sandbox too large, maximum allowed is ${MAX_BYTES} bytes`)
  }
  const { vo, group, preferredUsername } = user
  const named = { bucket: store.bucket, vo, group, user: preferredUsername }
  const pfn = pfnOf({ ...named, algorithm, checksum, format })
  const key = keyOf(pfn)
  const place = { seName: store.seName, pfn }
  const known = await sql.read({ sandboxes: SandboxMetadataDB }, ({ sandboxes }) =>
    sandboxes.sandbox(place),
  )
  const isStored = known !== undefined && (known.assigned || (await store.exists(key)))
  const upload = isStored ? undefined : await store.signUpload({ key, size, algorithm, checksum })
  const now = clock()
  await sql.write({ sandboxes: SandboxMetadataDB }, ({ sandboxes }) =>
    known === undefined
      ? register(sandboxes, { ...place, bytes: size, owner: ownerOf(user) }, now)
      : sandboxes.touch(known.sandboxId, now),
  )
  return { pfn: withSe(pfn, store.seName), upload }
}

/** Of two who register a sandbox at once, one inserts it; the other's unit of work runs again. */
async function register(
  sandboxes: SandboxMetadataDB,
  { owner, ...sandbox }: SandboxPlace & { bytes: number; owner: SandboxOwner },
  now: Instant,
): Promise<void> {
  const existing = await sandboxes.sandbox(sandbox)
  if (existing !== undefined) return await sandboxes.touch(existing.sandboxId, now)
  const ownerId = (await sandboxes.ownerId(owner)) ?? (await sandboxes.insertOwner(owner))
  await sandboxes.insertSandbox({ ...sandbox, ownerId }, now)
}
