import * as z from "zod"

/** As gRPC and HTTP have them in common; a name that ends in -bin has bytes as its value. */
const NAME = /^[\w.-]+(?<!-bin)$/i
const VALUE = /^[\x20-\x7e]*$/

const headers = z.record(z.string().regex(NAME), z.string().regex(VALUE))

/** Headers that a collector wants, as an object in JSON; secret. */
export const otelHeaders = z.string().transform((text, context) => {
  try {
    return headers.parse(JSON.parse(text))
  } catch {
    context.addIssue({ code: "custom", message: 'is not an object of texts in JSON: {"a": "b"}' })
    return z.NEVER
  }
})

/** `host:port` of a collector, or a URL, whose scheme then says whether TLS is used. */
export const grpcEndpoint = z.string().refine((text) => {
  const { hostname, protocol } = URL.parse(text.includes("://") ? text : `http://${text}`) ?? {}
  return hostname && /^https?:$/.test(protocol ?? "")
}, "is not host:port")
