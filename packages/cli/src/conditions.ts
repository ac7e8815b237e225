/** A condition of the service's search. */
export type Condition =
  | { readonly parameter: string; readonly operator: string; readonly value: string }
  | { readonly parameter: string; readonly operator: string; readonly values: readonly unknown[] }

export interface Sort {
  readonly parameter: string
  readonly direction: "asc" | "desc"
}

const CONDITION = /^\s*(\S+)\s+(eq|neq|gt|lt|like|not like|regex|in|not in)\s+(.+?)\s*$/s

/** Reads "Status eq Running" or "Site in A, B"; undefined if it is no condition. */
export function parseCondition(text: string): Condition | undefined {
  const [, parameter, operator, value] = CONDITION.exec(text) ?? []
  if (parameter === undefined || operator === undefined || value === undefined) return undefined
  if (!operator.endsWith("in")) return { parameter, operator, value }
  const values = valuesIn(value)
  return values && { parameter, operator, values }
}

/** Reads "JobID:desc"; upwards if it does not say. */
export function parseSort(text: string): Sort | undefined {
  const [, parameter, direction = "asc"] = /^([^\s:]+)(?::(asc|desc))?$/.exec(text.trim()) ?? []
  if (parameter === undefined) return undefined
  return { parameter, direction: direction === "desc" ? "desc" : "asc" }
}

/** A list in JSON, as DiracX's command takes it, or values between commas. */
function valuesIn(text: string): unknown[] | undefined {
  if (!text.startsWith("[")) return text.split(",").map((value) => value.trim())
  try {
    const values: unknown = JSON.parse(text)
    return Array.isArray(values) ? values : undefined
  } catch {
    return undefined
  }
}
