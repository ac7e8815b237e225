import { InvalidRequestError } from "@spinor/core/errors"
import { ValidationError } from "./validation.ts"

const JSON_TYPE = /^\s*application\/(?:[^;]*\+)?json\s*(?:;|$)/i

/** No model of ours is half as deep, and MariaDB's functions for JSON end at 40 levels. */
const MAX_DEPTH = 32
/** Were all of more values wrong, zod would take seconds to tell, and overflow the stack. */
const MAX_VALUES = 80_000

const utf8 = new TextDecoder("utf-8", { fatal: true })

/**
 * Reads a body as FastAPI does: one whose type is not JSON is taken for a text, which hardly any
 * model is. Undefined where there is none.
 * @throws ValidationError for broken JSON and for texts that cannot be stored; InvalidRequestError
 */
export function parseBody(bytes: ArrayBuffer, contentType: string): unknown {
  if (bytes.byteLength === 0) return undefined
  const text = decoded(bytes)
  const body = JSON_TYPE.test(contentType) ? parsed(text) : text
  refuseExcess(body)
  if (SUSPICIOUS.test(text) && UNSTORABLE.test(JSON.stringify(body))) {
    const msg = "Text with U+0000 or half a surrogate pair is not accepted"
    throw new ValidationError([{ type: "value_error", loc: ["body"], msg }])
  }
  return body
}

function decoded(bytes: ArrayBuffer): string {
  try {
    return utf8.decode(bytes)
  } catch {
    throw unreadable()
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new ValidationError([
      { type: "json_invalid", loc: ["body", 0], msg: "JSON decode error" },
    ])
  }
}

/** What only some databases can store, and what UTF-8 cannot say: a quick look, and a sure one. */
const SUSPICIOUS = /\0|\\u(?:0000|d[89a-f])/i
const UNSTORABLE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/

function refuseExcess(body: unknown): void {
  let values = 0
  const visit = (value: unknown, depth: number): void => {
    if (++values > MAX_VALUES) {
      throw new InvalidRequestError(`The body holds more than ${MAX_VALUES} values`)
    }
    if (typeof value !== "object" || value === null) return
    // zod would pass over this name, and what it holds would be taken for done.
    if (depth === MAX_DEPTH || Object.hasOwn(value, "__proto__")) throw unreadable()
    for (const inner of Object.values(value)) visit(inner, depth + 1)
  }
  visit(body, 0)
}

const unreadable = () => new InvalidRequestError("There was an error parsing the body")
