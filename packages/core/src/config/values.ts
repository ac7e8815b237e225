/** A date or time in a YAML file: not a text where DiracX wants one, and written as ISO 8601 where anything may stand. */
export class Timestamp {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** A mapping of the file, or a plain object, as a Map; undefined for anything else. */
export function mappingOf(value: unknown): Map<unknown, unknown> | undefined {
  if (value instanceof Map) return value
  if (typeof value !== "object" || value === null) return undefined
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
    ? new Map(Object.entries(value))
    : undefined
}

/**
 * Lays one value over another as DiracX inherits Operations: mappings are merged key by key, anything
 * else is replaced, null replaces nothing.
 */
export function inherit(base: unknown, over: unknown): unknown {
  const [below, above] = [mappingOf(base), mappingOf(over)]
  if (!below || !above) return over ?? base
  const merged = new Map(below)
  for (const [key, value] of above) {
    merged.set(key, below.has(key) ? inherit(below.get(key), value) : value)
  }
  return merged
}

/** What JSON says of a value in a section whose content is free. */
export function jsonOf(value: unknown): unknown {
  if (Array.isArray(value) || value instanceof Set) return [...value].map(jsonOf)
  if (value instanceof Timestamp) return value.text
  const mapping = mappingOf(value)
  if (!mapping) return value ?? null
  return Object.fromEntries([...mapping].map(([key, item]) => [keyText(key), jsonOf(item)]))
}

/** A key as pydantic writes it into JSON; YAML's keys are scalars. */
export function keyText(key: unknown): string {
  if (key instanceof Timestamp) return key.text
  return key === null ? "None" : `${key as string | number | boolean}`
}
