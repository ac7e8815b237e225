import type * as z from "zod"
import type { Operation, OperationConfig } from "../operation.ts"
import { namedSchemas, schemaOf, type Json } from "./json-schema.ts"

/** Marks what DiracX's document does not have: it lists neither the errors nor the redirects that it sends. */
const OURS = { "x-spinor": true }

/** What holds a schema that is ours is ours too. */
const marked = (schema: Json) => ("x-spinor" in schema ? OURS : {})

const ERROR = "ErrorAnswer"
/** FastAPI's name for what a 422 holds. */
const FAULTS = "HTTPValidationError"

/**
 * Describes the operations as DiracX's document does (OpenAPI 3.0.2). It is costly to make, so the
 * service sends the bytes of `openapi.json`, which `npm run openapi` writes.
 */
export function openApiDocument(operations: readonly Operation[], version: string): Json {
  const paths: Record<string, Json> = {}
  for (const operation of operations) {
    const { path, method, hidden } = operation.config
    if (!hidden) paths[path] = { ...paths[path], [method]: describe(operation) }
  }
  return {
    openapi: "3.0.2",
    info: { title: "Spinor", version, description: "DiracX as serverless functions." },
    paths: sorted(paths),
    components: {
      schemas: sorted({ ...namedSchemas(), ...faultSchemas, [ERROR]: errorSchema }),
      securitySchemes: {
        OpenIdConnect: {
          type: "openIdConnect",
          openIdConnectUrl: "/.well-known/openid-configuration",
        },
      },
    },
  }
}

const errorSchema = {
  ...OURS,
  type: "object",
  description: "What was wrong.",
  properties: { detail: {}, error: { type: "string" }, error_description: { type: "string" } },
}

const faultSchemas = {
  [FAULTS]: {
    type: "object",
    properties: { detail: { type: "array", items: refTo("ValidationError") } },
  },
  ValidationError: {
    type: "object",
    required: ["loc", "msg", "type"],
    properties: {
      loc: { type: "array", items: { anyOf: [{ type: "string" }, { type: "integer" }] } },
      msg: { type: "string" },
      type: { type: "string" },
      input: {},
      ctx: { type: "object" },
    },
  },
}

function describe({ config, authenticated }: Operation): Json {
  const parameters = [
    ...parametersIn("path", config.pathParameters),
    ...parametersIn("query", config.query),
    ...parametersIn("header", config.headers),
  ]
  const requestBody = bodyOf(config)
  return {
    ...(config.tags.includes("spinor") && OURS),
    tags: [...config.tags],
    operationId: config.operationId,
    ...(parameters.length > 0 && { parameters }),
    ...(requestBody && { requestBody }),
    responses: { ...answers(config), ...errors(config, authenticated) },
    ...(authenticated && { security: [{ OpenIdConnect: [] }] }),
  }
}

function parametersIn(place: string, fields: z.ZodObject | undefined): Json[] {
  if (fields === undefined) return []
  const { properties = {}, required = [] } = schemaOf(fields)
  return Object.entries(properties as Record<string, Json>).map(([name, schema]) => ({
    ...marked(schema),
    name,
    in: place,
    required: (required as string[]).includes(name),
    schema,
  }))
}

function bodyOf({ json, form, bodyOptional = false }: OperationConfig): Json | undefined {
  const [type, model] = json
    ? ["application/json", json]
    : ["application/x-www-form-urlencoded", form]
  if (model === undefined) return undefined
  const schema = schemaOf(model)
  if (!bodyOptional) return { required: true, content: { [type]: { schema } } }
  return { content: { [type]: { schema: { anyOf: [schema], nullable: true, ...schema } } } }
}

function answers({ responses }: OperationConfig): Json {
  const described = Object.entries(responses).map(([status, { schema, headers }]) => [
    status,
    {
      ...(Number(status) >= 300 && OURS),
      description: DESCRIPTIONS[status] ?? "Successful Response",
      ...(schema && { content: { "application/json": { schema: schemaOf(schema) } } }),
      ...(headers && {
        headers: Object.fromEntries(
          Object.entries(headers).map(([name, header]) => {
            const schema = schemaOf(header)
            return [name, { ...marked(schema), schema }]
          }),
        ),
      }),
    },
  ])
  return Object.fromEntries(described)
}

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  206: "Partial Content",
  304: "What the client has is still right",
  307: "The browser goes on elsewhere",
  400: "The request cannot be fulfilled",
  401: "No token, or one that does not hold",
  403: "The caller may not do this",
  404: "Nothing that is named exists",
  409: "What is to be made exists",
  416: "The page lies past the end",
  413: "The body is too long",
  422: "The request is not of this form",
  429: "Too many attempts",
  502: "The VO's identity provider is away",
  503: "A part of the service is away",
}

function errors(config: OperationConfig, authenticated: boolean): Json {
  const takesInput = config.query ?? config.json ?? config.form ?? config.pathParameters
  const statuses = [
    400,
    ...(authenticated ? [401, 403] : []),
    ...(config.method === "get" ? [] : [413]),
    ...(takesInput === undefined ? [] : [422]),
    ...(config.errors ?? []),
    503,
  ]
  return Object.fromEntries(
    statuses.map((status) => {
      const schema = refTo(status === 422 ? FAULTS : ERROR)
      const content = { "application/json": { schema } }
      return [status, { ...OURS, description: DESCRIPTIONS[status] ?? "Error", content }]
    }),
  )
}

function refTo(model: string): Json {
  return { $ref: `#/components/schemas/${model}` }
}

const sorted = (entries: Json): Json =>
  Object.fromEntries(Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1)))
