import { plusSeconds } from "@spinor/core/instant"
import { keyOf } from "@spinor/core/sandboxes/pfn"
import { SandboxMetadataDB } from "@spinor/db/sql/sandbox-metadata/sandbox-metadata-db"
import type { SandboxDeps } from "./deps.ts"

/** DiracX's: a sandbox that no job has got may be wanted for so long. */
const UNWANTED_SECONDS = 15 * 86_400
/** The rows of so many are locked while the store removes them. */
const PART = 500

export interface CleanedSandboxes {
  readonly removed: number
  /** Those that the store did not remove; they are tried again the next time. */
  readonly left: number
}

/**
 * Removes the sandboxes that no job has, first their bytes and then what is known of them, so that
 * nothing is forgotten that is still stored. It may run as often as one likes, and ends after `noMore`.
 * @throws UnavailableError when the store does not answer
 */
export async function cleanSandboxes({
  sql,
  clock,
  sandboxStore: store,
  noMore,
}: SandboxDeps & { noMore?: AbortSignal }): Promise<CleanedSandboxes> {
  const unwantedSince = plusSeconds(clock(), -UNWANTED_SECONDS)
  let [removed, left, after] = [0, 0, 0]
  for (;;) {
    const part = await sql.write({ sandboxes: SandboxMetadataDB }, async ({ sandboxes }) => {
      const unused = await sandboxes.lockUnused(store, { after, unwantedSince, limit: PART })
      const stayed = new Set(await store.remove(unused.map(({ pfn }) => keyOf(pfn))))
      const gone = unused.filter(({ pfn }) => !stayed.has(keyOf(pfn)))
      await sandboxes.deleteSandboxes(gone.map(({ sandboxId }) => sandboxId))
      return { unused, gone }
    })
    removed += part.gone.length
    left += part.unused.length - part.gone.length
    after = part.unused.at(-1)?.sandboxId ?? after
    if (part.unused.length < PART || noMore?.aborted) return { removed, left }
  }
}
