/** For tokens, which are nobody else's (RFC 6749, section 5.1). */
export const NO_STORE = { "cache-control": "no-store" }

/** A JSON answer; what is not ASCII is sent as it is. */
export const json = (body: unknown, status = 200, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json", ...headers },
  })

export const html = (body: string, status = 200): Response =>
  new Response(body, { status, headers: { "content-type": "text/html; charset=utf-8" } })

/** A redirect that keeps the method, as DiracX's are. */
export const redirect = (location: string): Response =>
  new Response(null, { status: 307, headers: { location } })
