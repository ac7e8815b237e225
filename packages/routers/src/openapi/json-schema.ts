import * as z from "zod"

export type Json = Record<string, unknown>

const OPTIONS = { target: "openapi-3.0", io: "input", override } as const

/** The schema of a part of the document; what has a name is referred to. */
export const schemaOf = (schema: z.ZodType): Json => {
  const { definitions: _, ...json } = z.toJSONSchema(schema, OPTIONS)
  return inDiracxForm(json) as Json
}

/** Every model that has a name. They are registered by being imported. */
export function namedSchemas(): Json {
  const { schemas } = z.toJSONSchema(z.globalRegistry, { ...OPTIONS, uri: (id) => id })
  return inDiracxForm(schemas) as Json
}

/** A schema that converts its input tells in its metadata what the document says of it. */
function override({
  zodSchema,
  jsonSchema,
}: {
  zodSchema: z.core.$ZodType
  jsonSchema: Json
}): void {
  const { openapi } = jsonSchema
  if (typeof openapi === "object" && openapi !== null) {
    for (const key of Object.keys(jsonSchema)) delete jsonSchema[key]
    Object.assign(jsonSchema, openapi)
  }
  const { def } = zodSchema._zod
  if (isDefault(def)) jsonSchema["default"] = def.defaultValue
  if (isObject(def)) {
    // zod takes a field whose input is converted for one that may be absent.
    const required = Object.entries(def.shape)
      .filter(([, field]) => !isDefault(field._zod.def) && field._zod.def.type !== "optional")
      .map(([name]) => name)
    if (required.length > 0) jsonSchema["required"] = required
  }
}

const isDefault = (def: z.core.$ZodTypeDef): def is z.core.$ZodDefaultDef => def.type === "default"

const isObject = (def: z.core.$ZodTypeDef): def is z.core.$ZodObjectDef => def.type === "object"

/** What zod writes otherwise than pydantic and FastAPI do. */
function inDiracxForm(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inDiracxForm)
  if (typeof value !== "object" || value === null) return value
  const { $id: _, ...json } = Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, inDiracxForm(each)]),
  )
  if (typeof json["$ref"] === "string") {
    return {
      $ref: json["$ref"].replace(
        /^(#\/(definitions|components\/schemas)\/)?/,
        "#/components/schemas/",
      ),
    }
  }
  if (isEmpty(json["additionalProperties"])) json["additionalProperties"] = true
  if (json["minimum"] === Number.MIN_SAFE_INTEGER) delete json["minimum"]
  if (json["maximum"] === Number.MAX_SAFE_INTEGER) delete json["maximum"]
  return json["nullable"] === true ? nullable(json) : referring(json)
}

/** A reference with a default stands beside it. */
function referring({ allOf, ...json }: Json): Json {
  return Array.isArray(allOf) ? { ...(allOf[0] as Json), ...json } : json
}

/** FastAPI's downgrade repeats the type beside the alternatives that are left of `anyOf null`. */
function nullable(json: Json): Json {
  const { default: unset, allOf, ...described } = json
  delete described["nullable"]
  const schema = Array.isArray(allOf) ? (allOf[0] as Json) : described
  const standing = unset === null || unset === undefined ? {} : { default: unset }
  return { anyOf: [schema], nullable: true, ...schema, ...standing }
}

const isEmpty = (value: unknown): boolean =>
  typeof value === "object" && value !== null && Object.keys(value).length === 0
