/** What is answered to a request, before `answering` makes a Response of it. */
export interface Answer {
  readonly status: number
  /** Their names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array<ArrayBuffer> | null
}

/** For tokens, which are nobody else's (RFC 6749, section 5.1). */
export const NO_STORE = { "cache-control": "no-store" }

/** A JSON answer; what is not ASCII is sent as it is. */
export const json = (body: unknown, status = 200, headers: Answer["headers"] = {}): Answer =>
  jsonText(JSON.stringify(body), status, headers)

/** What is JSON already. */
export const jsonText = (body: string, status = 200, headers: Answer["headers"] = {}): Answer => ({
  status,
  headers: { "content-type": "application/json", ...headers },
  body,
})

/** An answer that depends on a header of the request, so that a cache asks again for another value of it. */
export function varying(answer: Answer, name: string): Answer {
  const { vary } = answer.headers
  return {
    ...answer,
    headers: { ...answer.headers, vary: vary === undefined ? name : `${vary}, ${name}` },
  }
}

export const noContent: Answer = { status: 204, headers: {}, body: null }

/** For a client that has what it asks for. */
export const notModified = (headers: Answer["headers"]): Answer => ({
  status: 304,
  headers,
  body: null,
})

/** A page loads nothing from elsewhere, and is in nobody's frame (Content Security Policy, level 3). */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ")

export const html = (body: string): Answer => ({
  status: 200,
  headers: {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": PAGE_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
  },
  body,
})

/** A redirect that keeps the method, as DiracX's are. */
export const redirect = (location: string): Answer => ({
  status: 307,
  headers: { location },
  body: null,
})
