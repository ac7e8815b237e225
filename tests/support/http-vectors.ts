import { readFileSync } from "node:fs"
import { expect } from "vitest"
import { dialectOf, type Backend } from "./backends.ts"
import type { Caller, Json } from "./service.ts"
import { isCopied, type RecordedError, type Vector } from "./vectors.ts"

/** What a client got. */
export interface HttpAnswer {
  readonly status: number
  readonly headers: Headers
  readonly body: Json
}

interface RecordedHttpError extends RecordedError {
  readonly status?: number
  readonly body?: { readonly detail?: unknown; readonly text?: string }
}

/**
 * Compares an answer with the vector: an output as `compare` does, a 422 by the fields that it names,
 * a 400 by its text, which begins with DiracX's. Where nothing is expected all passes below 500.
 */
export function checkHttpVector<Output>(
  vector: Vector<unknown, Output>,
  answer: HttpAnswer,
  compare: (expected: Output, answer: HttpAnswer) => void,
): void {
  expect(answer.status).toBeLessThan(500)
  const { output, error } = vector.deviation?.expected ?? (isExpected(vector) ? vector : {})
  if (error !== undefined) expectRefusal(answer, error)
  else if (output !== undefined) compare(output, answer)
}

const isExpected = (vector: Vector<unknown, unknown>): boolean => {
  const error: RecordedHttpError = vector.error ?? {}
  return isCopied(vector) && (error.status ?? 0) < 500
}

function expectRefusal(answer: HttpAnswer, error: RecordedHttpError): void {
  const { status, detail } = error.http ?? { status: error.status, detail: error.body?.detail }
  expect(answer).toMatchObject({ status: status ?? 400 })
  if (status === 422) expect(fieldsOf(answer.body.detail)).toEqual(fieldsOf(detail))
  else {
    const text = typeof detail === "string" ? detail : (error.message ?? "")
    expect(answer.body.detail).toMatch(beginning(text))
  }
}

/** The places of faults, up to the field of the body. */
const fieldsOf = (faults: unknown): unknown =>
  Array.isArray(faults)
    ? new Set(faults.map((fault: { loc: unknown[] }) => fault.loc.slice(0, 2).join(".")))
    : faults

/** Python's way to show objects and sets is not copied, so the text counts up to there. */
const beginning = (text: string): RegExp =>
  new RegExp(`^${(/^[^<{]*/.exec(text)?.[0] ?? "").replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")}`)

/** Times as they are read back: MySQL's hold whole seconds. */
export const asStored = <Value>(backend: Backend, value: Value): Value =>
  dialectOf(backend) === "mysql"
    ? JSON.parse(JSON.stringify(value).replaceAll(/(\d\d:\d\d:\d\d)\.\d{6}/g, "$1"))
    : value

/** The Registry on which the vectors were recorded: alice is a user of VO lhcb. */
export const lhcbRegistry: unknown = JSON.parse(
  readFileSync(new URL("../vectors/default-registry.json", import.meta.url), "utf8"),
)

export const aliceOfLhcb: Caller = { vo: "lhcb", name: "alice", group: "lhcb_user" }
