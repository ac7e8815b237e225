import type { Context } from "hono"
import type { OperationConfig } from "../operation.ts"
import { parseWith, ValidationError } from "./validation.ts"

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

async function readParts(c: Context, config: OperationConfig): Promise<Input> {
  const { pathParameters, query, headers, json, form } = config
  return {
    path: pathParameters && parseWith(pathParameters, c.req.param(), "path"),
    query: query && parseWith(query, withoutNul(c.req.query(), "query"), "query"),
    headers: headers && parseWith(headers, c.req.header(), "header"),
    json: json && (await readJson(c, config)),
    form: form && parseWith(form, withoutNul(await readForm(c), "body"), "body"),
  }
}

async function readJson(
  c: Context,
  { json, bodyOptional = false }: OperationConfig,
): Promise<unknown> {
  if (json === undefined) return undefined
  const text = await c.req.text()
  if (text === "") {
    if (bodyOptional) return null
    throw new ValidationError([{ type: "missing", loc: ["body"], msg: "Field required" }])
  }
  const body = parseJson(text)
  if (bodyOptional && body === null) return null
  return parseWith(json, body, "body")
}

/** U+0000 can be stored by some databases only, so none is let in. An escaped backslash before it is none. */
const NUL = /(?<!\\)(?:\\\\)*\\u0000/

function parseJson(text: string): unknown {
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    throw new ValidationError([
      { type: "json_invalid", loc: ["body", 0], msg: "JSON decode error" },
    ])
  }
  if (NUL.test(text)) throw nulFault("body")
  return body
}

async function readForm(c: Context): Promise<Record<string, string>> {
  const type = c.req.header("content-type") ?? ""
  // FastAPI sees an empty form where the type is another one.
  if (!type.startsWith("application/x-www-form-urlencoded")) return {}
  return Object.fromEntries(new URLSearchParams(await c.req.text()))
}

function withoutNul(fields: Record<string, string>, place: string): Record<string, string> {
  const field = Object.keys(fields).find((name) => fields[name]?.includes("\0"))
  if (field !== undefined) throw nulFault(place, field)
  return fields
}

const nulFault = (...loc: string[]) =>
  new ValidationError([{ type: "value_error", loc, msg: "Text with U+0000 is not accepted" }])
