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
  outboxes: readonly { flush(): Promise<unknown> }[],
  { onProblem, elapsed }: StoreOptions,
): OutboxSender {
  let notBefore = 0
  return {
    async sendSome() {
      if (elapsed() < notBefore) return
      notBefore = elapsed() + PAUSE_MS
      try {
        for (const outbox of outboxes) await outbox.flush()
      } catch (error) {
        onProblem(error)
      }
    },
  }
}
