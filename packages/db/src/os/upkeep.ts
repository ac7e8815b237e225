import type { OsConnection } from "./connection.ts"
import type { OSDatabase } from "./os-database.ts"
import { isCurrent, storedTemplate } from "./put-template.ts"
import { indexTemplate } from "./template.ts"

/** An index, with the number of its documents and the bytes that they take. */
export interface IndexSize {
  readonly name: string
  readonly documents: number
  /** Not known of a table. */
  readonly bytes: number | undefined
}

export type TemplateState = "current" | "missing" | "another"

export interface OsStatus {
  readonly template: TemplateState
  readonly indices: readonly IndexSize[]
}

/** What of a database is in OpenSearch. An index that nobody searches would not count what is new. */
export async function osStatus(database: OSDatabase): Promise<OsStatus> {
  const { connection, declared, names } = database
  const stored = await storedTemplate(connection, names.prefix)
  const index = [names.all()]
  const { body } = await connection.call(async (client) => {
    await client.indices.refresh({ index })
    return await client.cat.indices({ index, format: "json", bytes: "b", s: ["index"] })
  })
  return {
    template: templateState(stored && isCurrent(stored, indexTemplate(declared, names))),
    indices: (body as Record<string, string>[]).map((each) => ({
      name: each["index"] ?? "",
      documents: Number(each["docs.count"] ?? 0),
      bytes: Number(each["store.size"] ?? 0),
    })),
  }
}

function templateState(current: boolean | undefined): TemplateState {
  if (current === undefined) return "missing"
  return current ? "current" : "another"
}

/** Documents in one request of a removal, so that it can tell how far it is. */
const PART = 10_000
const REMOVAL_TIMEOUT_MS = 120_000

/**
 * Removes the documents that were written before a time, in milliseconds since 1970: an index that holds
 * no others is removed as a whole. `progress` is told how many are gone.
 */
export async function pruneIndices(
  database: OSDatabase,
  before: number,
  progress: (removed: number) => void,
): Promise<number> {
  const { timeField } = database.declared
  const old = { range: { [timeField]: { lt: before, format: "epoch_millis" } } }
  let removed = 0
  for (const { name } of (await osStatus(database)).indices) {
    const aged = await countOf(database, name, old)
    if (aged === 0) continue
    if (await removedAsWhole(database, name, old)) {
      removed += aged
      progress(removed)
      continue
    }
    await openToWriting(database, name)
    for (let part = await removePart(database, name, old); part > 0;) {
      removed += part
      progress(removed)
      part = await removePart(database, name, old)
    }
  }
  return removed
}

/** Nobody may write while it is looked whether all is old: who tries writes later, to a new index. */
async function removedAsWhole(database: OSDatabase, index: string, old: object): Promise<boolean> {
  const { connection } = database
  const everything = { match_all: {} }
  const isOld = async () =>
    (await countOf(database, index, old)) === (await countOf(database, index, everything))
  if (!(await isOld())) return false
  await connection.call((client) => client.indices.addBlock({ index, block: "write" }))
  if (await isOld()) {
    await connection.call((client) => client.indices.delete({ index }))
    return true
  }
  return false
}

/** Here, or by a removal that was killed, it may have been closed. */
async function openToWriting({ connection }: OSDatabase, index: string): Promise<void> {
  const settings = { "index.blocks.write": null } as object
  await connection.call((client) => client.indices.putSettings({ index, body: settings }))
}

async function removePart(
  { connection }: OSDatabase,
  index: string,
  query: object,
): Promise<number> {
  const request = {
    index,
    max_docs: PART,
    conflicts: "proceed",
    refresh: true,
    body: { query },
  } as const
  const { body } = await connection.call((client) =>
    client.deleteByQuery(request, { requestTimeout: REMOVAL_TIMEOUT_MS }),
  )
  return "deleted" in body ? (body.deleted ?? 0) : 0
}

/** What was just written counts too. */
export async function countOf(
  { connection }: { readonly connection: OsConnection },
  index: string,
  query: object,
): Promise<number> {
  return await connection.call(async (client) => {
    await client.indices.refresh({ index })
    return (await client.count({ index, body: { query } })).body.count
  })
}
