import type * as z from "zod"
import { namedSchemas, schemaOf } from "@spinor/routers/openapi/json-schema"
import type { Choices } from "../../support/random.ts"

type Schema = Readonly<Record<string, unknown>>

/** No job of the tests has it. */
export const NO_JOB = 999_999
const TIME = "2024-05-03T12:00:00Z"

const named = namedSchemas() as Record<string, Schema>

/** An input of the form that a schema asks for, with some of what is optional; it names nothing that exists. */
export const sampleOf = (schema: z.ZodType, draw: Choices): unknown =>
  sample(schemaOf(schema), draw, 0)

function sample(schema: Schema, draw: Choices, depth: number): unknown {
  if (typeof schema["$ref"] === "string") {
    return sample(named[schema["$ref"].split("/").at(-1) ?? ""] ?? {}, draw, depth)
  }
  const [alternative] = (schema["anyOf"] ?? schema["oneOf"] ?? []) as Schema[]
  if (alternative) return sample(alternative, draw, depth)
  const [constant] = (schema["enum"] ?? []) as unknown[]
  if (constant !== undefined) return constant
  switch (schema["type"]) {
    case "object":
      return sampleObject(schema, draw, depth)
    case "array":
      return [sample((schema["items"] ?? {}) as Schema, draw, depth + 1)]
    case "integer":
      return schema["minimum"] ?? NO_JOB
    case "number":
      return 1.5
    case "boolean":
      return false
    default:
      return schema["format"] === "date-time" ? TIME : "text"
  }
}

/** What has names of its own has ids of jobs at the top, and times below. */
function sampleObject(schema: Schema, draw: Choices, depth: number): unknown {
  const properties = Object.entries((schema["properties"] ?? {}) as Record<string, Schema>)
  const required = (schema["required"] ?? []) as string[]
  const wanted = properties.filter(([name]) => required.includes(name) || draw.chance(10))
  const more = schema["additionalProperties"] === true ? {} : schema["additionalProperties"]
  const own = wanted.map(([name, each]) => [name, sample(each, draw, depth + 1)])
  if (typeof more !== "object" || more === null) return Object.fromEntries(own)
  const key = depth === 0 ? String(NO_JOB) : draw.pick([TIME, "Anything"])
  return Object.fromEntries([...own, [key, sample(more as Schema, draw, depth + 1)]])
}
