import { isWithin } from "@spinor/core/elapsed"
import { InvalidRequestError, UnavailableError } from "@spinor/core/errors"
import type { NewDocument } from "@spinor/db/documents/database"
import { storable } from "@spinor/db/documents/document"
import type { Outcome, WriteMode } from "@spinor/db/os/bulk"
import { OsResponseError } from "@spinor/db/os/errors"
import type { OSDatabase } from "@spinor/db/os/os-database"
import { osStatus, pruneIndices } from "@spinor/db/os/upkeep"
import type { Outbox } from "@spinor/db/sql/documents/outbox"
import type { DocumentStore } from "./store.ts"

export interface StoreOptions {
  /** Told when OpenSearch does not take what it is sent. */
  readonly onProblem: (error: unknown) => void
  /** Milliseconds that have passed since some moment. */
  readonly elapsed: () => number
}

/** After it was found to be away, OpenSearch is not tried for so long: nobody waits for it again. */
const REST_MS = 5000
/** So long it is said that it was away: nobody may have tried it since. */
const TOLD_MS = 60_000

/**
 * Keeps documents in OpenSearch. While it is away, or earlier documents with the same id wait, they go
 * into the outbox of their owner with the unit of work.
 */
export function openSearchStore<Owner extends { readonly outbox: Outbox }>(
  database: OSDatabase,
  { onProblem, elapsed }: StoreOptions,
): DocumentStore<Owner> {
  const { declared } = database
  const { isWrittenOnce } = declared
  let awaySince = -Infinity
  let problem = ""

  /** What is not known to be stored, or refused, is delayed. */
  const send = async (documents: readonly NewDocument[], how: WriteMode): Promise<Outcome[]> => {
    if (documents.length === 0) return []
    if (isWithin(REST_MS, awaySince, elapsed())) return documents.map(() => ({ is: "delayed" }))
    try {
      const outcomes = await database.write(documents, how)
      problem = ""
      return outcomes
    } catch (error) {
      if (!(error instanceof UnavailableError || error instanceof OsResponseError)) throw error
      awaySince = elapsed()
      problem = `${declared.name} is not written: ${reasonOf(error)}`
      onProblem(error)
      return documents.map(() => ({ is: "delayed" }))
    }
  }

  return {
    declared,

    async write({ outbox }, given, now) {
      if (given.length === 0) return
      const documents = given.map((each) => storable(declared, each))
      // While OpenSearch rests too: what has no index must not wait for one.
      for (const { vo, number } of documents) database.names.of(vo, number)
      const ids = isWrittenOnce ? [] : documents.map(({ id }) => id)
      const waiting = await outbox.waiting(declared.name, ids)
      const held = documents.filter(({ id }) => waiting.has(id))
      const ready = documents.filter(({ id }) => !waiting.has(id))
      const outcomes = await send(ready, isWrittenOnce ? "create" : "merge")
      refuseRefused(declared.numberField, ready, outcomes)
      const delayed = ready.filter((_, i) => outcomes[i]?.is !== "stored")
      await outbox.add(declared.name, [...held, ...delayed], now)
    },

    deliver: (_, documents) => send(documents, isWrittenOnce ? "create" : "merge late"),

    search: (_, query) => database.search(query),

    problem: () =>
      problem !== "" && isWithin(TOLD_MS, awaySince, elapsed()) ? problem : undefined,

    upkeep: () => ({
      place: database.connection.place,
      async status() {
        const { template, indices } = await osStatus(database)
        return { template, parts: indices }
      },
      migrate: () => database.migrate(),
      removeBefore: (before, progress) => pruneIndices(database, before, progress),
    }),
  }
}

/** What OpenSearch says may quote documents. */
const reasonOf = (error: Error): string =>
  error instanceof OsResponseError ? `OpenSearch answers ${error.status}` : error.message

/** Tells of a few, with the reasons of OpenSearch, which speak of nothing but the documents. */
function refuseRefused(
  numberField: string,
  documents: readonly NewDocument[],
  outcomes: readonly Outcome[],
): void {
  const reasons = documents.flatMap(({ number }, i) => {
    const outcome = outcomes[i]
    return outcome?.is === "refused" ? [`${numberField} ${number}: ${outcome.reason}`] : []
  })
  if (reasons.length === 0) return
  const more = reasons.length > 10 ? `, and ${reasons.length - 10} more` : ""
  throw new InvalidRequestError(
    `Some documents cannot be stored: ${reasons.slice(0, 10).join(", ")}${more}`,
  )
}
