import { isWithin } from "@spinor/core/elapsed"
import type { SqlDatabases } from "@spinor/db/sql/unit-of-work"
import type { StoreOptions } from "./in-open-search.ts"
import type { ManagedOutbox } from "./managed-outbox.ts"

/** Sends what waits for OpenSearch, beside the requests. */
export interface OutboxSender {
  /** Sends some of it, unless that was tried a moment ago. Never fails: what is left is sent later. */
  readonly sendSome: (sql: SqlDatabases) => Promise<void>
}

export interface SenderOptions extends StoreOptions {
  /** Asks somebody else to send all that waits, some time later. */
  readonly askForFlush?: (() => Promise<void>) | undefined
}

const PAUSE_MS = 5000
/** Every process that meets an outage asks so often. */
const ASK_PAUSE_MS = 60_000

/** For stores in SQL, which make nothing wait. */
export const nothingWaits: OutboxSender = { sendSome: async () => undefined }

export function outboxSender(
  outboxesIn: (sql: SqlDatabases) => readonly ManagedOutbox[],
  { onProblem, elapsed, askForFlush }: SenderOptions,
): OutboxSender {
  let lastTried = -Infinity
  let lastAsked = -Infinity
  /** Up to where it was sent, or passed over: an index that takes nothing must not hold up all others. */
  const lastRows = new Map<string, number>()

  const ask = async () => {
    if (askForFlush === undefined || isWithin(ASK_PAUSE_MS, lastAsked, elapsed())) return
    lastAsked = elapsed()
    await askForFlush().catch(onProblem)
  }

  return {
    async sendSome(sql) {
      if (isWithin(PAUSE_MS, lastTried, elapsed())) return
      lastTried = elapsed()
      let waits = false
      for (const { databases, flush } of outboxesIn(sql)) {
        // One by one: they may be in clusters of which one is away.
        for (const database of databases) {
          try {
            const after = lastRows.get(database) ?? 0
            const { goesOn, last } = await flush({ database, after })
            lastRows.set(database, goesOn ? last : 0)
            waits ||= last > 0
          } catch (error) {
            onProblem(error)
          }
        }
      }
      if (waits) await ask()
    },
  }
}
