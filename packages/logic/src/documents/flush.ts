import type { DocumentDatabase, NewDocument } from "@spinor/db/documents/database"
import type { SqlDatabaseClass } from "@spinor/db/sql/database"
import type { Outbox, WaitingDocument, Wanted } from "@spinor/db/sql/documents/outbox"
import type { SqlDatabases } from "@spinor/db/sql/unit-of-work"
import type { DocumentStore } from "./store.ts"

/** The database that has an outbox, and where its documents go. */
export interface Outgoing<Owner> {
  readonly Owner: SqlDatabaseClass<Owner>
  readonly stores: readonly DocumentStore<Owner>[]
}

export interface Flushed {
  /** How many of them are in their stores now. */
  readonly sent: number
  readonly refused: number
  /** Why, of each id that was refused. */
  readonly reasons: readonly string[]
  /** Whether it is worth going on after the last row: there may be more, and OpenSearch is there. */
  readonly goesOn: boolean
  /** 0 if there was none. */
  readonly last: number
}

/** Documents in one go: the outbox is locked while they are sent. */
const PART = 500

/**
 * Sends the oldest documents of an outbox, in their order, and takes them out with the same unit of work.
 * What is sent twice, because a commit failed, changes nothing the second time.
 */
export async function flushOutbox<Owner extends { readonly outbox: Outbox }>(
  sql: SqlDatabases,
  { Owner, stores }: Outgoing<Owner>,
  wanted: Wanted = {},
): Promise<Flushed> {
  return await sql.write({ owner: Owner }, async ({ owner }) => {
    const rows = await owner.outbox.take(PART, wanted)
    const databases = new Set(rows.map(({ database }) => database))
    let sent = 0
    const refusals = new Map<number, string>()
    const reasons: string[] = []
    for (const store of stores) {
      const own = rows.filter(({ database }) => database === store.declared.name)
      const groups = [...Map.groupBy(own, ({ id }) => id).values()]
      const outcomes = await store.deliver(
        owner,
        groups.flatMap((group) => together(group, store.declared)),
      )
      const stored = groups.filter((_, i) => outcomes[i]?.is === "stored").flat()
      await owner.outbox.remove(stored.map(({ row }) => row))
      sent += stored.length
      for (const [i, group] of groups.entries()) {
        const outcome = outcomes[i]
        if (outcome?.is !== "refused") continue
        for (const { row } of group) refusals.set(row, outcome.reason)
        reasons.push(`${store.declared.numberField} ${group[0]?.number}: ${outcome.reason}`)
      }
    }
    await owner.outbox.refuse(refusals)
    const isAway = stores.some(
      (store) => databases.has(store.declared.name) && store.problem() !== undefined,
    )
    const goesOn = rows.length > 0 && !isAway
    return { sent, refused: refusals.size, reasons, goesOn, last: rows.at(-1)?.row ?? 0 }
  })
}

/** The documents of one id as one: the first, or later values over earlier ones. */
function together(
  waiting: readonly WaitingDocument[],
  { isWrittenOnce }: DocumentDatabase,
): NewDocument[] {
  const [first] = waiting
  if (first === undefined) return []
  const { id, number, vo } = first
  const documents = waiting.map((each) => each.document)
  const document = isWrittenOnce ? first.document : documents.reduce(laidOver)
  return [{ id, number, vo, document }]
}

type Fields = Readonly<Record<string, unknown>>

function laidOver(stored: Fields, over: Fields): Fields {
  const laid = Object.entries(over).map(([name, value]) => {
    const old = stored[name]
    return [name, isFields(old) && isFields(value) ? laidOver(old, value) : value] as const
  })
  return { ...stored, ...Object.fromEntries(laid) }
}

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value)
