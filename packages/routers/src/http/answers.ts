/** For tokens, which are nobody else's (RFC 6749, section 5.1). */
export const NO_STORE = { "cache-control": "no-store" }

/** A JSON answer; what is not ASCII is sent as it is. */
export const json = (body: unknown, status = 200, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json", ...headers },
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

export const html = (body: string): Response =>
  new Response(body, {
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": PAGE_POLICY,
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
    },
  })

/** A redirect that keeps the method, as DiracX's are. */
export const redirect = (location: string): Response =>
  new Response(null, { status: 307, headers: { location } })
