import { InvalidRequestError } from "@spinor/core/errors"
import type { SearchSpec } from "@spinor/core/models/search"

/** A parameter of a search that is no column: it stands for ids, which another table knows. */
export interface PseudoParameter<Value> {
  readonly name: string
  /** The column of the ids; no search may have conditions on both. */
  readonly column: string
  /** @throws InvalidRequestError for what no such parameter can be */
  readonly read: (value: string | number) => Value
  readonly idsOf: (values: Value[]) => Promise<number[]>
}

/**
 * Puts the ids in the place of the parameter; undefined if there are none, so that nothing is found.
 * @throws InvalidRequestError for another operator than eq and in
 */
export async function resolvePseudoParameter<Value>(
  search: readonly SearchSpec[],
  { name, column, read, idsOf }: PseudoParameter<Value>,
): Promise<SearchSpec[] | undefined> {
  const matches = search.filter((spec) => spec.parameter === name)
  if (matches.length === 0) return [...search]
  if (search.some((spec) => spec.parameter === column)) {
    throw new InvalidRequestError(
      `Cannot combine '${name}' pseudo-parameter with a real '${column}' filter in the same request.`,
    )
  }
  const values = await idsOf(matches.flatMap((spec) => valuesOf(spec).map(read)))
  if (values.length === 0) return undefined
  const others = search.filter((spec) => spec.parameter !== name)
  return [...others, { parameter: column, operator: "in", values }]
}

function valuesOf(spec: SearchSpec): readonly (string | number)[] {
  if (spec.operator === "eq") return [spec.value]
  if (spec.operator === "in") return spec.values
  throw new InvalidRequestError(
    `Operator '${spec.operator}' is not supported on the '${spec.parameter}' pseudo-parameter; use 'eq' or 'in'.`,
  )
}
