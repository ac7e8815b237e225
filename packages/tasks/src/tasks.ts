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
  async run({ documents: { outboxes } }) {
    let [sent, refused] = [0, 0]
    for (const { backlog, flush } of outboxes.values()) {
      for (const { database, documents, refused: kept } of await backlog()) {
        for (let after = 0, goesOn = documents > kept; goesOn;) {
          const part = await flush({ database, after })
          sent += part.sent
          refused += part.refused
          after = part.last
          goesOn = part.goesOn
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
  async run({ sql, clock, retention }) {
    const { added, dropped, ...deleted } = await keepAuth({ sql, clock }, retention.auth)
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
  async run({ clock, documents: { upkeep }, retention }) {
    const removed: Record<string, number> = {}
    for (const [name, store] of upkeep) {
      const days = retention.documents[name] ?? 0
      if (days === 0) continue
      const before = epochMilliseconds(plusSeconds(clock(), -days * DAY))
      removed[name] = await store.removeBefore(before, () => undefined)
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
