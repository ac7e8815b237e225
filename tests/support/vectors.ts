import { readFileSync } from "node:fs"
import { expect } from "vitest"
import { SpinorError } from "@spinor/core/errors"

/** What DiracX did with an input, as recorded in tests/vectors. */
export interface Vector<Input, Output, Steps = unknown> {
  readonly name: string
  readonly input: Input
  readonly output?: Output
  readonly error?: RecordedError
  readonly steps?: Steps
  /** DiracX crashed or hung: nobody expects that. */
  readonly mark?: "B"
  /** What is asked of Spinor instead, on purpose. */
  readonly deviation?: Deviation<Output>
}

export interface RecordedError {
  readonly type?: string
  readonly message?: string
  readonly http?: { readonly status: number; readonly detail?: unknown }
}

/** A line of tests/vectors/deviations.json; an expected output may leave out what does not deviate. */
export interface Deviation<Output> {
  readonly file: string
  readonly name: string
  readonly reason: string
  readonly expected: { readonly output?: Output; readonly error?: RecordedError }
  readonly dialects?: readonly string[]
}

/** Every vector of a file, with its deviation; one that names dialects holds for those alone. */
export function vectorsOf<Input, Output, Steps = unknown>(
  file: string,
  dialect?: string,
): Vector<Input, Output, Steps>[] {
  const deviations = read<Deviation<Output>[]>("deviations.json").filter(
    (deviation) =>
      deviation.file === file &&
      (deviation.dialects === undefined ||
        (dialect !== undefined && deviation.dialects.includes(dialect))),
  )
  return read<Vector<Input, Output, Steps>[]>(file).map((vector) => {
    const deviation = deviations.find(({ name }) => name === vector.name)
    return deviation ? Object.assign(vector, { deviation }) : vector
  })
}

const read = <T>(file: string): T =>
  JSON.parse(readFileSync(new URL(`../vectors/${file}`, import.meta.url), "utf8"))

/** Whether the recorded answer itself is asked of Spinor: not when DiracX failed, nor on a deviation. */
export const isCopied = ({ mark, error, deviation }: Vector<unknown, unknown>): boolean =>
  mark === undefined && deviation === undefined && (error?.http?.status ?? 0) < 500

/** A vector of a file of several kinds, with what is expected of Spinor. */
export interface KindVector {
  readonly name: string
  readonly input: { readonly kind: string } & Readonly<Record<string, unknown>>
  readonly output: unknown
  readonly error: RecordedError | undefined
  /** False where DiracX failed, and any answer below 500 or typed error will do. */
  readonly isExpected: boolean
}

/** Kinds that need a service around them; each has a test of its own. */
const OF_THE_SERVICE = ["http", "WMSAccessPolicy", "exchange_token+mint_token", "defaults"] as const

/** The vectors of config.json or security.json that a unit answers. */
export const unitVectorsOf = (file: string): KindVector[] =>
  decided(file).filter(({ input }) => !OF_THE_SERVICE.some((kind) => kind === input.kind))

/** Those of one kind that a unit does not answer. */
export const serviceVectorsOf = (
  file: string,
  kind: (typeof OF_THE_SERVICE)[number],
): KindVector[] => decided(file).filter(({ input }) => input.kind === kind)

const decided = (file: string): KindVector[] =>
  vectorsOf<KindVector["input"], unknown>(file).map((vector) => {
    const { output, error } = vector.deviation?.expected ?? vector
    const isExpected = vector.deviation !== undefined || (isCopied(vector) && !isCrash(vector))
    return { name: vector.name, input: vector.input, output, error, isExpected }
  })

/** Whether what was recorded is no expectation, though nothing marks it. */
const isCrash = ({ output, error }: Vector<unknown, unknown>): boolean =>
  error?.type === "NotImplementedError" ||
  (typeof output === "object" &&
    output !== null &&
    "status" in output &&
    Number(output.status) >= 500)

/**
 * Compares an answer with the vector: an output as `compare` does, an error by its text, which begins with DiracX's.
 * Where nothing is expected an answer passes, and a typed error.
 */
export function checkVector<Output, Answer>(
  vector: Vector<unknown, Output>,
  answer: () => Answer,
  compare: (expected: Output, answer: Answer) => void,
): void {
  const outcome = attempt(answer)
  if ("fault" in outcome) throw outcome.fault
  const { output, error } = vector.deviation?.expected ?? (isCopied(vector) ? vector : {})
  if (error !== undefined) {
    expect("message" in outcome ? outcome.message : outcome).toSatisfy(
      (message) => typeof message === "string" && message.startsWith(textOf(error)),
      `begins with "${textOf(error)}"`,
    )
  } else if (output !== undefined) {
    if (!("answer" in outcome)) throw new Error(`Refused: ${outcome.message}`)
    compare(output, outcome.answer)
  }
}

const textOf = ({ http, message }: RecordedError): string =>
  typeof http?.detail === "string" ? http.detail : (message ?? "")

function attempt<Answer>(
  answer: () => Answer,
): { answer: Answer } | { message: string } | { fault: unknown } {
  try {
    return { answer: answer() }
  } catch (fault) {
    return fault instanceof SpinorError ? { message: fault.message } : { fault }
  }
}
