import { isIPv6 } from "node:net"
import * as z from "zod"
import { isHost } from "./host.ts"

/** What may be said of one host, or for all of them. */
export const hostShape = () => ({
  host: z.string().refine(isHost).optional(),
  port: z.int().min(1).max(65_535).optional(),
  scheme: z.enum(["http", "https"]).optional(),
  use_ssl: z.boolean().optional(),
  url_prefix: z
    .string()
    .regex(/^[^\s?#]*$/)
    .optional(),
  http_auth: z
    .union([
      z.tuple([z.string(), z.string()]),
      z
        .string()
        .regex(/:/)
        .transform((text): [string, string] => splitAtFirst(text)),
    ])
    .optional(),
})

const host = () => z.strictObject(hostShape())

/** What is said of a host. */
export type OsHost = z.output<ReturnType<typeof host>>

/** One host or several, each in the form of fields or of a URL, whose scheme may be left out. */
export const hosts = () =>
  z
    .preprocess(
      (value) => (Array.isArray(value) ? value : [value]).map(fieldsOf),
      z.array(host()).min(1),
    )
    .optional()

const HTTPS_PORT = 443
const OPENSEARCH_PORT = 9200

/** As the Python client reads it: "http://" does not keep `use_ssl` from being said for all hosts. */
function fieldsOf(value: unknown): unknown {
  if (typeof value !== "string") return value
  const [, scheme = "http", rest] = /^(?:([a-z]+):\/\/)?(.*)$/is.exec(value) ?? []
  // Of a scheme that it knows, URL would drop the port that is the usual one there.
  const url = URL.parse(`node://${rest}`)
  if (url === null || !/^https?$/i.test(scheme) || url.search + url.hash !== "") return undefined
  const isHttps = scheme.toLowerCase() === "https"
  const { hostname, port, pathname, username, password } = url
  return {
    host: hostname.replace(/^\[|\]$/g, ""),
    port: port === "" ? (isHttps ? HTTPS_PORT : undefined) : Number(port),
    use_ssl: isHttps || undefined,
    url_prefix: pathname === "" ? undefined : pathname,
    http_auth: username + password === "" ? undefined : [username, password].map(decoded),
  }
}

/** What is said of a host wins over what is said for all. */
export function nodeUrl(own: OsHost, all: OsHost): string {
  const name = own.host ?? all.host ?? "localhost"
  const isTls = (own.use_ssl ?? all.use_ssl) === true || (own.scheme ?? all.scheme) === "https"
  const authority = `${isIPv6(name) ? `[${name}]` : name}:${own.port ?? all.port ?? OPENSEARCH_PORT}`
  const prefix = (own.url_prefix ?? all.url_prefix ?? "").replace(/^\/+|\/+$/g, "")
  return new URL(`${isTls ? "https" : "http"}://${authority}/${prefix}`).href
}

function splitAtFirst(text: string): [string, string] {
  const at = text.indexOf(":")
  return [text.slice(0, at), text.slice(at + 1)]
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
