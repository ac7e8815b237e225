import type * as z from "zod"
import { SpinorError } from "@spinor/core/errors"

/** One fault of a request, in the form of pydantic and FastAPI. */
export interface ValidationFault {
  readonly type: string
  readonly loc: readonly (string | number)[]
  readonly msg: string
}

/** A request that is not of the form that the operation takes (422). */
export class ValidationError extends SpinorError {
  override readonly name = "ValidationError"
  readonly faults: readonly ValidationFault[]

  constructor(faults: readonly ValidationFault[]) {
    super("The request is not valid")
    this.faults = faults
  }

  override get detail() {
    return this.faults
  }
}

/** So many faults of a part are told; a body could hold any number of them. */
const MAX_FAULTS = 100

/** @throws ValidationError with the faults, each at its place below `from` */
export function parseWith<S extends z.ZodType>(
  schema: S,
  input: unknown,
  from: string,
): z.output<S> {
  const { success, data, error } = schema.safeParse(input, { reportInput: true })
  if (success) return data
  const all = error.issues.flatMap((issue) => faults(issue, [from]))
  throw new ValidationError(all.slice(0, MAX_FAULTS))
}

function faults(issue: z.core.$ZodIssue, from: readonly (string | number)[]): ValidationFault[] {
  const loc = [...from, ...issue.path.map((key) => (typeof key === "number" ? key : String(key)))]
  if (issue.code === "invalid_union") {
    return issue.errors.flat().flatMap((each) => faults(each, loc))
  }
  if (issue.code === "unrecognized_keys") {
    const msg = "Extra inputs are not permitted"
    return issue.keys.map((key) => ({ type: "extra_forbidden", loc: [...loc, key], msg }))
  }
  if (issue.code === "invalid_key") {
    return issue.issues.flatMap((each) => faults(each, [...loc, "[key]"]))
  }
  if (
    issue.input === undefined &&
    (issue.code === "invalid_type" || issue.code === "invalid_value")
  ) {
    return [{ type: "missing", loc, msg: "Field required" }]
  }
  return [{ type: typeOf(issue), loc, msg: messageOf(issue) }]
}

const EXPECTED: Readonly<Record<string, [type: string, msg: string]>> = {
  string: ["string_type", "Input should be a valid string"],
  array: ["list_type", "Input should be a valid list"],
  object: [
    "model_attributes_type",
    "Input should be a valid dictionary or object to extract fields from",
  ],
  record: ["dict_type", "Input should be a valid dictionary"],
}

function typeOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "custom":
      return typeof issue.params?.["type"] === "string" ? issue.params["type"] : "value_error"
    case "invalid_type":
      return EXPECTED[issue.expected]?.[0] ?? `${issue.expected}_type`
    case "invalid_value":
      return "enum"
    case "too_small":
      return "greater_than_equal"
    case "too_big":
      return "less_than_equal"
    default:
      return "value_error"
  }
}

const messageOf = (issue: z.core.$ZodIssue): string =>
  issue.code === "invalid_type" ? (EXPECTED[issue.expected]?.[1] ?? issue.message) : issue.message
