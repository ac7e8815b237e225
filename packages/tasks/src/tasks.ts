import { epochMilliseconds, plusSeconds } from "@spinor/core/instant"
import { keepAuth } from "@spinor/logic/auth/upkeep"
import { cleanSandboxes } from "@spinor/logic/sandboxes/clean"
import { FLUSH_OUTBOXES } from "./names.ts"
import type { Task } from "./task.ts"

const DAY = 86_400

/** Sends what waits for OpenSearch. */
const flushOutboxes: Task = {
  name: FLUSH_OUTBOXES,
  everySeconds: 10,
  async run({ documents: { outboxes }, noMore }) {
    let [sent, refused] = [0, 0]
    for (const { backlog, flush } of outboxes.values()) {
      for (const { database, documents, refused: kept } of await backlog()) {
        for (let after = 0, goesOn = documents > kept; goesOn;) {
          const part = await flush({ database, after })
          sent += part.sent
          refused += part.refused
          after = part.last
          goesOn = part.goesOn && noMore?.aborted !== true
        }
      }
    }
    return { sent, refused }
  },
}

/** Makes room for refresh tokens, and deletes tokens and logins that are over. */
const keepAuthDatabase: Task = {
  name: "keep_auth",
  everySeconds: DAY,
  leasedIn: "AuthDB",
  async run({ retention, ...deps }) {
    const { added, dropped, ...deleted } = await keepAuth(deps, retention.auth)
    return { partitionsAdded: added.length, partitionsDropped: dropped.length, ...deleted }
  },
}

/** Removes sandboxes that no job has (DiracX's CleanSandboxStoreTask). */
const cleanSandboxStore: Task = {
  name: "clean_sandbox_store",
  everySeconds: DAY,
  leasedIn: "SandboxMetadataDB",
  async run(deps) {
    return { ...(await cleanSandboxes(deps)) }
  },
}

/** Removes parameters and logs that are older than they are kept. */
const pruneDocuments: Task = {
  name: "prune_documents",
  everySeconds: DAY,
  leasedIn: "PilotAgentsDB",
  async run({ clock, documents: { upkeep }, retention, noMore }) {
    const removed: Record<string, number> = {}
    for (const [name, store] of upkeep) {
      const days = retention.documents[name] ?? 0
      if (days === 0 || noMore?.aborted) continue
      const before = epochMilliseconds(plusSeconds(clock(), -days * DAY))
      removed[name] = 0
      const progress = (count: number) => {
        removed[name] = count
        noMore?.throwIfAborted()
      }
      await store.removeBefore(before, progress).catch((error: unknown) => {
        if (error !== noMore?.reason) throw error
      })
    }
    return removed
  },
}

/** All that the service does by itself. */
export const tasks: readonly Task[] = [
  flushOutboxes,
  keepAuthDatabase,
  cleanSandboxStore,
  pruneDocuments,
]
