import { InvalidRequestError } from "@spinor/core/errors"
import type { SandboxInfo } from "@spinor/core/models/sandboxes"
import { keyOf, pfnOf, withSe } from "@spinor/core/sandboxes/pfn"
import {
  SandboxMetadataDB,
  type NamedSandbox,
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
 * @throws InvalidRequestError for more than 100 MiB, and for names that the database confuses
 */
export async function initiateUpload(
  deps: SandboxDeps,
  user: SandboxUser,
  sandbox: SandboxInfo,
): Promise<InitiatedUpload> {
  const { sql, clock, sandboxStore: store } = deps
  const { size, format, checksum, checksum_algorithm: algorithm } = sandbox
  if (size > MAX_BYTES) {
    throw new InvalidRequestError(`Sandbox too large, maximum allowed is ${MAX_BYTES} bytes`)
  }
  const { vo, group, preferredUsername } = user
  const named = { bucket: store.bucket, vo, group, user: preferredUsername, algorithm, format }
  const nameWith = (digits: string) => pfnOf({ ...named, checksum: digits }, store.seName)
  const names = [
    nameWith(checksum),
    nameWith(checksum.toLowerCase()),
    nameWith(checksum.toUpperCase()),
  ]
  const owner = ownerOf(user)
  const { known, ownerId } = await sql.read(
    { sandboxes: SandboxMetadataDB },
    async ({ sandboxes }) => {
      const [found, [id]] = await Promise.all([
        sandboxes.sandboxesNamed(store.seName, names),
        sandboxes.ownerIds(owner),
      ])
      return { known: sameContent(found, nameWith(checksum)), ownerId: id }
    },
  )
  const pfn = known?.pfn ?? nameWith(checksum)
  const key = keyOf(pfn)
  const isStored = known !== undefined && (known.assigned || (await store.exists(key)))
  const upload = isStored ? undefined : await store.signUpload({ key, size, algorithm, checksum })
  const now = clock()
  let isAgain = false
  const isDone = await sql.write({ sandboxes: SandboxMetadataDB }, async ({ sandboxes }) => {
    if (known !== undefined) return await sandboxes.touch(known.sandboxId, now)
    // Somebody was in the way, who may have registered it, or the owner.
    if (isAgain) return false
    isAgain = true
    const row = { seName: store.seName, pfn, bytes: size }
    await sandboxes.insertSandbox(
      { ...row, ownerId: ownerId ?? (await sandboxes.insertOwner(owner)) },
      now,
    )
    return true
  })
  // It was registered meanwhile, or cleaned away.
  if (!isDone) return await initiateUpload(deps, user, sandbox)
  return { pfn: withSe(pfn, store.seName), upload }
}

/** The sandbox of that name; or the same user's, with the checksum in another case. */
function sameContent(found: readonly NamedSandbox[], pfn: string): NamedSandbox | undefined {
  const folderOf = (name: string) => name.slice(0, name.lastIndexOf("/"))
  const theirs = found.filter((sandbox) => folderOf(sandbox.pfn) === folderOf(pfn))
  if (found.length > 0 && theirs.length === 0) {
    throw new InvalidRequestError(
      "Another user has a sandbox of this name, but for upper and lower case, which the database does not tell apart",
    )
  }
  return theirs.find((sandbox) => sandbox.pfn === pfn) ?? theirs[0]
}
