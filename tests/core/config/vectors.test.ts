import { describe, expect, it } from "vitest"
import * as z from "zod"
import { ConfigError } from "@spinor/core/config/error"
import { fieldName } from "@spinor/core/config/fields"
import { configSchema, parseConfig } from "@spinor/core/config/schema"
import { readYaml } from "@spinor/core/config/yaml"
import { unitVectorsOf, type KindVector } from "../../support/vectors.ts"

describe("the configuration of DiracX", () => {
  it.each(unitVectorsOf("config.json").map((vector) => [vector.name, vector] as const))(
    "%s",
    (_, vector) => {
      const check = checks[vector.input.kind]
      if (!check) throw new Error(`No check for the kind ${vector.input.kind}`)
      check(vector)
    },
  )
})

const checks: Record<string, (vector: KindVector) => void> = {
  yaml({ input, output, error, isExpected }) {
    const { yaml, env } = z
      .object({ yaml: z.string(), env: z.record(z.string(), z.string()) })
      .parse(input)
    const options = { legacyConversion: "DIRAC_COMPAT_ENABLE_CS_CONVERSION" in env }
    const read = () => parseConfig(readYaml(yaml), options)
    if (!error) {
      const served: unknown = JSON.parse(JSON.stringify(read()))
      expect(served).toEqual(output)
      return
    }
    const thrown = failureOf(read)
    expect(thrown).toBeInstanceOf(ConfigError)
    if (isExpected && thrown instanceof ConfigError) {
      const paths = Refusal.parse(error).errors.map(({ loc }) => loc.join("."))
      expect(thrown.faults.map(({ path }) => path).sort()).toEqual(paths.sort())
    }
  },
  schema({ input, output }) {
    const ours = z.toJSONSchema(configSchema({ legacyValues: false }), { io: "input" })
    expect(shape(ours, {}, input["by_alias"] === false)).toEqual(shape(output, output, false))
  },
}

/** What pydantic says of a configuration. */
const Refusal = z.object({
  errors: z.array(z.object({ loc: z.array(z.union([z.string(), z.number()])) })),
})

function failureOf(action: () => unknown): unknown {
  try {
    action()
  } catch (error) {
    return error
  }
  return undefined
}

const Node = z.looseObject({
  $ref: z.string().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.array(z.string()).default([]),
  additionalProperties: z.unknown().optional(),
  anyOf: z.array(z.unknown()).optional(),
  items: z.unknown().optional(),
  type: z.unknown().optional(),
})

/** What a JSON schema says of keys and types, whichever library wrote it; the other vectors show the defaults. */
function shape(schema: unknown, root: unknown, pythonNames: boolean): unknown {
  const node = Node.parse(schema)
  if (node.$ref !== undefined) {
    const { $defs } = z.object({ $defs: z.record(z.string(), z.unknown()) }).parse(root)
    return shape($defs[node.$ref.replace("#/$defs/", "")], root, pythonNames)
  }
  const again = (inner: unknown) => shape(inner, root, pythonNames)
  const named = (key: string) => (pythonNames ? fieldName(key) : key)
  const { type, items, additionalProperties: values } = node
  if (node.anyOf) return node.anyOf.map(again)
  if (Array.isArray(type)) return type.map((one) => ({ type: one }))
  if (items !== undefined) return { type, items: again(items) }
  if (node.properties) {
    return {
      closed: values === false,
      required: node.required.map(named).sort(),
      properties: Object.fromEntries(
        Object.entries(node.properties).map(([key, inner]) => [named(key), again(inner)]),
      ),
    }
  }
  const free = typeof values !== "object" || Object.keys(values ?? {}).length === 0
  return free ? { type } : { type, values: again(values) }
}
