import { readFileSync } from "node:fs"
import { join } from "node:path"

/** What DiracX 0.7.0 did with an input, or what Spinor does instead on purpose. */
export interface Vector {
  readonly name: string
  readonly input: { readonly kind: string } & Readonly<Record<string, unknown>>
  readonly output?: unknown
  readonly error?: {
    readonly type?: string
    readonly message?: string
    readonly errors?: readonly { readonly loc: readonly unknown[] }[]
  }
  /** B: DiracX crashed or hung, which nobody expects. */
  readonly mark?: "B"
}

interface Deviation {
  readonly file: string
  readonly name: string
  readonly expected: Pick<Vector, "output" | "error">
}

const read = <T>(file: string): T =>
  JSON.parse(readFileSync(join(import.meta.dirname, "../../vectors", file), "utf8"))

/** Every vector of a file, with what is expected of Spinor where that is something else. */
export function vectorsOf(file: string): Vector[] {
  const deviations = read<Deviation[]>("deviations.json").filter((entry) => entry.file === file)
  return read<Vector[]>(file).map((vector) => {
    const deviation = deviations.find(({ name }) => name === vector.name)
    return deviation
      ? Object.assign(deviation.expected, { name: vector.name, input: vector.input })
      : vector
  })
}

/** Kinds of config.json and security.json that need the service: tests over HTTP and of logic take them. */
export const KINDS_OF_THE_SERVICE: readonly string[] = [
  "http",
  "WMSAccessPolicy",
  "exchange_token+mint_token",
  "defaults",
]
