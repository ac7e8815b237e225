import { CommandError, ConnectionError, ServiceError } from "./errors.ts"
import { refusal } from "./refusal.ts"
import type { Shell } from "./shell.ts"
import { userAgent } from "./version.ts"

const ATTEMPTS = 3
const FIRST_PAUSE_MS = 250
const LONGEST_PAUSE_MS = 15_000
const TIMEOUT_MS = 60_000

export interface HttpRequest {
  readonly method: "GET" | "POST" | "PATCH"
  /** A path of the service, or a whole URL from its discovery document. */
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  readonly json?: unknown
  readonly form?: Readonly<Record<string, string>>
  readonly token?: string
  /** Whether it only reads, so that it may be sent again; a GET always does. */
  readonly reads?: boolean
  /** Refusals that the caller reads itself. */
  readonly expects?: readonly number[]
}

export interface HttpAnswer {
  readonly status: number
  readonly headers: Headers
  readonly body: unknown
}

/**
 * Sends a request and reads its JSON.
 * @throws ConnectionError, and ServiceError for an answer from 400 on
 */
export type Http = (request: HttpRequest) => Promise<HttpAnswer>

type World = Pick<Shell, "interrupted" | "pause" | "stderr">

/** `base` is the URL of the service, without a slash at its end. */
export function httpClient(base: string, { interrupted, pause, stderr }: World): Http {
  const send = async (request: HttpRequest): Promise<HttpAnswer> => {
    const signal = AbortSignal.any([interrupted, AbortSignal.timeout(TIMEOUT_MS)])
    try {
      const response = await fetch(urlOf(base, request), { ...initOf(request), signal })
      return {
        status: response.status,
        headers: response.headers,
        body: parsed(await response.text()),
      }
    } catch (cause) {
      throw new ConnectionError(
        `cannot reach the service at ${base} (${reasonOf(cause)}): is it running there? --url or SPINOR_URL name another one`,
        { cause },
      )
    }
  }

  const sendPatiently = async (request: HttpRequest): Promise<HttpAnswer> => {
    for (let attempt = 1; ; attempt++) {
      const last = attempt >= ATTEMPTS
      let wait = FIRST_PAUSE_MS * 2 ** attempt
      try {
        const answer = await send(request)
        if (answer.status !== 503 || last) return answer
        wait = retryAfter(answer.headers) ?? wait
        stderr.write(`The service is busy; trying again in ${Math.ceil(wait / 1000)} s\n`)
      } catch (error) {
        if (last || interrupted.aborted) throw error
      }
      await pause(wait)
    }
  }

  return async (request) => {
    const reads = request.reads ?? request.method === "GET"
    const answer = await (reads ? sendPatiently(request) : send(request))
    if (answer.status < 400 || request.expects?.includes(answer.status)) return answer
    throw new ServiceError(answer.status, refusal(answer.status, answer.body))
  }
}

/** @throws CommandError when the answer is of another form than the schema's */
export function readAnswer<Value>(
  schema: { safeParse(body: unknown): { success: boolean; data?: Value } },
  { body }: HttpAnswer,
): Value {
  const { success, data } = schema.safeParse(body)
  if (success && data !== undefined) return data
  throw new CommandError("the answer is not that of a DiracX or Spinor service: is the URL right?")
}

function urlOf(base: string, { path, query = {} }: HttpRequest): string {
  const parameters = new URLSearchParams(query).toString()
  const place = path.startsWith("/") ? `${base}${path}` : path
  return parameters === "" ? place : `${place}?${parameters}`
}

function initOf({ method, json, form, token }: HttpRequest): RequestInit {
  return {
    method,
    headers: {
      accept: "application/json",
      "user-agent": userAgent,
      ...(json !== undefined && { "content-type": "application/json" }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    ...(json !== undefined && { body: JSON.stringify(json) }),
    ...(form !== undefined && { body: new URLSearchParams(form) }),
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Milliseconds, from the header in seconds (RFC 9110, section 10.2.3). */
function retryAfter(headers: Headers): number | undefined {
  const seconds = /^\d+$/.exec(headers.get("retry-after") ?? "")?.[0]
  return seconds === undefined ? undefined : Math.min(Number(seconds) * 1000, LONGEST_PAUSE_MS)
}

/** fetch wraps what went wrong; a name that resolves to several addresses wraps it twice. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === "TimeoutError") return "no answer in time"
  if ("code" in error && typeof error.code === "string") return error.code
  return error.cause === undefined ? error.message : reasonOf(error.cause)
}
