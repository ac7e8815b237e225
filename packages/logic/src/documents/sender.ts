import type { ManagedOutbox } from "./managed-outbox.ts"
import type { StoreOptions } from "./in-open-search.ts"

/** Sends what waits for OpenSearch, beside the requests. */
export interface OutboxSender {
  /** Sends some of it, unless that was tried a moment ago. Never fails: what is left is sent later. */
  readonly sendSome: () => Promise<void>
}

const PAUSE_MS = 5000

/** For stores in SQL, which make nothing wait. */
export const nothingWaits: OutboxSender = { sendSome: async () => undefined }

export function outboxSender(
  outboxes: readonly ManagedOutbox[],
  { onProblem, elapsed }: StoreOptions,
): OutboxSender {
  let notBefore = 0
  /** Up to where it was sent, or passed over: an index that takes nothing must not hold up all others. */
  const lastRows = new Map<string, number>()
  return {
    async sendSome() {
      if (elapsed() < notBefore) return
      notBefore = elapsed() + PAUSE_MS
      for (const { databases, flush } of outboxes) {
        // One by one: they may be in clusters of which one is away.
        for (const database of databases) {
          try {
            const after = lastRows.get(database) ?? 0
            const { goesOn, last } = await flush({ database, after })
            lastRows.set(database, goesOn ? last : 0)
          } catch (error) {
            onProblem(error)
          }
        }
      }
    },
  }
}
