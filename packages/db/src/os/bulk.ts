import type { DocumentDatabase, NewDocument } from "../documents/database.ts"
import type { IndexNames } from "./index-name.ts"
import { mergeLate } from "./merge-script.ts"

/**
 * How documents are written: laid over those that are stored, or the same long after they came, or only
 * where none is stored yet; or how they are removed.
 */
export type WriteMode = "merge" | "merge late" | "create" | "delete"

/** What became of one document. */
export type Outcome =
  | { readonly is: "stored" }
  /** Nothing is wrong with it: it may be sent again. */
  | { readonly is: "delayed" }
  /** It will never be taken. */
  | { readonly is: "refused"; readonly reason: string }

/** As DiracX: others may write the same document at the same time. */
const RETRIES = 10

/** The lines of one bulk request. */
export const bulkLines = (
  { timeField }: DocumentDatabase,
  names: IndexNames,
  documents: readonly NewDocument[],
  mode: WriteMode,
): object[] =>
  documents.flatMap(({ id, number, vo, document }) => {
    const place = { _index: names.of(vo, number), _id: id }
    if (mode === "delete") return [{ delete: place }]
    if (mode === "create") return [{ create: place }, document]
    return [
      { update: { ...place, retry_on_conflict: RETRIES } },
      mode === "merge" ? { doc: document, doc_as_upsert: true } : mergeLate(timeField, document),
    ]
  })

/** The index is closed to writing for a while; a conflict outlasted its retries; the cluster is too busy. */
const MAY_PASS = new Set([403, 409, 429])
/** An operator has closed the index, and opens it again. */
const CLOSED = "index_closed_exception"

const ENOUGH: Partial<Record<WriteMode, number>> = { create: 409, delete: 404 }

interface Item {
  readonly status: number
  readonly error?: { readonly type?: string; readonly reason?: string | null } | undefined
}

/** Reads the answer to one line. That a document exists is what "create" wants, that there is none "delete". */
export function outcomeOf(item: Item | undefined, mode: WriteMode): Outcome {
  if (item === undefined) return { is: "delayed" }
  const { status, error } = item
  if (status < 300 || status === ENOUGH[mode]) return { is: "stored" }
  if (MAY_PASS.has(status) || status >= 500 || error?.type === CLOSED) return { is: "delayed" }
  return {
    is: "refused",
    reason: `${error?.type ?? status}: ${error?.reason ?? "no reason given"}`,
  }
}
