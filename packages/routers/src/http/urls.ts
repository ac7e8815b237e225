import type { Context } from "hono"

/** Makes the service's own URLs: from SPINOR_PUBLIC_URL, else from the request's Host. */
export function urlMaker(c: Context, publicUrl: string | undefined): (path: string) => string {
  const base = publicUrl ?? new URL(c.req.url).origin
  return (path) => `${base}${path}`
}
