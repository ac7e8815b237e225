import { isCopied, vectorsOf } from "../../support/vectors.ts"

/** A vector of config.json or security.json, with what is expected of Spinor. */
export interface UnitVector {
  readonly name: string
  readonly input: { readonly kind: string } & Readonly<Record<string, unknown>>
  readonly output: unknown
  readonly error: { readonly message?: string } | undefined
  /** False where DiracX failed, and any typed error will do. */
  readonly isExpected: boolean
}

/** Kinds that need a service around them: tests over HTTP, of policies, of grants and of settings take them. */
export const KINDS_OF_THE_SERVICE: ReadonlySet<string> = new Set([
  "http",
  "WMSAccessPolicy",
  "exchange_token+mint_token",
  "defaults",
])

/** The vectors that need none. */
export const unitVectorsOf = (file: string): UnitVector[] =>
  vectorsOf<UnitVector["input"], unknown>(file)
    .filter(({ input }) => !KINDS_OF_THE_SERVICE.has(input.kind))
    .map((vector) => {
      const { output, error } = vector.deviation?.expected ?? vector
      const isExpected = vector.deviation !== undefined || isCopied(vector)
      return { name: vector.name, input: vector.input, output, error, isExpected }
    })
