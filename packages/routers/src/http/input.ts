import type { Context } from "hono"
import type * as z from "zod"
import type { OperationConfig } from "../operation.ts"
import { parseBody } from "./json-body.ts"
import { targetOf } from "./target.ts"
import { parseWith, ValidationError, type ValidationFault } from "./validation.ts"

/** The parsed parts of a request. */
export interface Input {
  readonly path: unknown
  readonly query: unknown
  readonly headers: unknown
  readonly json: unknown
  readonly form: unknown
}

/**
 * Parses a request by the operation's schemas, once.
 * @throws ValidationError with FastAPI's faults
 */
export async function readInput(c: Context, config: OperationConfig): Promise<Input> {
  try {
    return await readParts(c, config)
  } catch (error) {
    if (error instanceof ValidationError && config.refusal) throw config.refusal(error.faults)
    throw error
  }
}

/** A body that is no JSON is refused at once; all other faults are told together, as FastAPI does. */
async function readParts(c: Context, config: OperationConfig): Promise<Input> {
  const { pathParameters, query, headers, json, form } = config
  const body = json && (await readJson(c))
  const fields = form && (await readForm(c))
  const faults: ValidationFault[] = []
  const collect = <Part>(parse: () => Part): Part | undefined => {
    try {
      return parse()
    } catch (error) {
      if (!(error instanceof ValidationError)) throw error
      faults.push(...error.faults)
      return undefined
    }
  }
  const parts: Input = {
    path: pathParameters && collect(() => parseFields(pathParameters, c.req.param(), "path")),
    query: query && collect(() => parseFields(query, fieldsOf(targetOf(c.req.url).query), "query")),
    headers: headers && collect(() => parseWith(headers, headersOf(c, headers), "header")),
    json: json && collect(() => parseJson(body, config)),
    form: form && collect(() => parseFields(form, fields ?? {}, "body")),
  }
  if (faults.length > 0) throw new ValidationError(faults)
  return parts
}

const readJson = async (c: Context): Promise<unknown> =>
  parseBody(await c.req.arrayBuffer(), c.req.header("content-type") ?? "") ?? null

function parseJson(
  body: unknown,
  { json, bodyOptional = false, embedded = false }: OperationConfig,
): unknown {
  if (json === undefined) return undefined
  if (embedded) return parseWith(json, typeof body === "object" ? { ...body } : {}, "body")
  if (body !== null) return parseWith(json, body, "body")
  if (bodyOptional) return null
  throw new ValidationError([{ type: "missing", loc: ["body"], msg: "Field required" }])
}

async function readForm(c: Context): Promise<Record<string, string>> {
  const type = c.req.header("content-type") ?? ""
  // FastAPI sees an empty form where the type is another one.
  if (!/^\s*application\/x-www-form-urlencoded\b/i.test(type)) return {}
  return fieldsOf(await c.req.text())
}

/** Those that an operation names: to list all of them takes longer than to answer. */
const headersOf = (c: Context, { shape }: z.ZodObject): Record<string, string | undefined> =>
  Object.fromEntries(Object.keys(shape).map((name) => [name, c.req.header(name)]))

/** Of two values of a name the last one counts. */
const fieldsOf = (encoded: string): Record<string, string> =>
  Object.fromEntries(new URLSearchParams(encoded))

/** U+0000 can be stored by some databases only, so none is let in. */
function parseFields<S extends z.ZodType>(
  schema: S,
  fields: Record<string, string>,
  place: string,
): z.output<S> {
  const field = Object.keys(fields).find((name) => fields[name]?.includes("\0"))
  if (field === undefined) return parseWith(schema, fields, place)
  const msg = "Text with U+0000 is not accepted"
  throw new ValidationError([{ type: "value_error", loc: [place, field], msg }])
}
