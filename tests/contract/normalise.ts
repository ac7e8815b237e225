const DROPPED = new Set([
  "description",
  "summary",
  "title",
  "example",
  "examples",
  "openapi_examples",
  "info",
])

/** Whose keys are names, and not words of OpenAPI. */
const NAMING = new Set(["properties", "paths", "schemas"])

/**
 * Brings a document into the form of DiracX's normalised one: without texts, without 422, sorted;
 * and without what is marked as ours.
 */
export function normalise(value: unknown, naming = false): unknown {
  if (Array.isArray(value)) return list(value.filter((each) => !isOurs(each)))
  if (typeof value !== "object" || value === null) return value
  const kept = Object.entries(value).filter(
    ([key, each]) => !isOurs(each) && (naming || (key !== "422" && !DROPPED.has(key))),
  )
  return Object.fromEntries(
    kept
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => [key, normalise(each, !naming && NAMING.has(key))]),
  )
}

function list(items: unknown[]): unknown[] {
  const normalised = items.map((each) => normalise(each))
  return normalised.every((each) => typeof each === "string") ? normalised.sort() : normalised
}

const isOurs = (value: unknown): boolean =>
  typeof value === "object" && value !== null && "x-spinor" in value && value["x-spinor"] === true
