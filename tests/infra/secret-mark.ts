/** How Pulumi's engine is told that a value is secret. */
const SECRET = "1b47061264138c4ac30d75fd1eb44270"
const SIGNATURE = "4dabf18193072939515e22adb298388d"

export const markedSecret = (value: string): object => ({ [SIGNATURE]: SECRET, value })

export const isMarkedSecret = (value: unknown): value is { value: unknown } =>
  typeof value === "object" &&
  value !== null &&
  SIGNATURE in value &&
  value[SIGNATURE] === SECRET &&
  "value" in value

/** Values as they were before they were marked. */
export const laidOpen = (value: unknown): unknown => {
  if (typeof value !== "object" || value === null) return value
  if (Array.isArray(value)) return value.map(laidOpen)
  if (isMarkedSecret(value)) return laidOpen(value.value)
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, laidOpen(each)]))
}
