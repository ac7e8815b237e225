import * as z from "zod"
import { jsonOptions } from "./json-options.ts"
import { hosts, hostShape, nodeUrl } from "./os-hosts.ts"

/** How a client of OpenSearch is made. */
export interface OsClientOptions {
  /** URLs of the nodes of one cluster, without user and password. */
  readonly nodes: readonly string[]
  /** Secret. */
  readonly auth: { readonly username: string; readonly password: string } | undefined
  readonly tls: OsTls
  readonly compress: boolean
  readonly timeoutMs: number
  /** Connections to a node. */
  readonly maxSockets: number
  /** Sent with each request, by names in lower case; may be secret. */
  readonly headers: Readonly<Record<string, string>>
  /** Requests are signed for this service. */
  readonly aws: { readonly region: string; readonly service: "es" | "aoss" } | undefined
}

/** What holds where a node's URL is https. The files are PEM. */
export interface OsTls {
  readonly verify: boolean
  /** Whether the certificate has to be for the host that was asked. */
  readonly verifyHost: boolean
  /** A file, or a folder of files, of authorities that are trusted besides the usual ones. */
  readonly ca: string | undefined
  readonly cert: string | undefined
  /** Where the key is, if not in the certificate's file. */
  readonly key: string | undefined
}

/** Tells the Python client about what is done in another way here. */
const ignored = z.unknown().optional()

const options = () =>
  z.strictObject({
    hosts: hosts(),
    ...hostShape(),
    verify_certs: z.boolean().default(true),
    ssl_assert_hostname: z.boolean().default(true),
    ssl_show_warn: ignored,
    ca_certs: z.string().optional(),
    client_cert: z.string().optional(),
    client_key: z.string().optional(),
    http_compress: z.boolean().default(false),
    timeout: z.number().positive().max(3600).default(10),
    maxsize: z.int().positive().default(10),
    pool_maxsize: z.int().positive().optional(),
    headers: z
      .record(z.string().regex(/^[\w!#$%&'*+.^`|~-]+$/), z.string().regex(/^[\t\x20-\x7e]*$/))
      .default({}),
    opaque_id: z
      .string()
      .regex(/^[\x20-\x7e]*$/)
      .optional(),
    max_retries: ignored,
    retry_on_status: ignored,
    retry_on_timeout: ignored,
    dead_timeout: ignored,
    timeout_cutoff: ignored,
    randomize_hosts: ignored,
    send_get_body_as: ignored,
    sniff_on_start: ignored,
    sniff_on_connection_fail: ignored,
    sniff_timeout: ignored,
    sniffer_timeout: ignored,
    aws: z
      .strictObject({
        region: z.string().regex(/^[a-z]+(-[a-z0-9]+)+$/),
        service: z.enum(["es", "aoss"]),
      })
      .optional(),
  })

/** The options of a client of OpenSearch in JSON, by the names that opensearch-py gave them, and `aws`. */
export const osClientOptions = jsonOptions(options).transform((read, context): OsClientOptions => {
  const own = read.hosts ?? [{}]
  const refuse = (message: string) => {
    context.addIssue({ code: "custom", message })
    return z.NEVER
  }
  const [auth, ...others] = own.map(({ http_auth = read.http_auth }) => http_auth)
  if (others.some((other) => JSON.stringify(other) !== JSON.stringify(auth))) {
    return refuse("holds hosts with different users, where one is used for all")
  }
  if (auth !== undefined && read.aws !== undefined) {
    return refuse("holds http_auth and aws, of which one can be used")
  }
  return {
    nodes: [...new Set(own.map((host) => nodeUrl(host, read)))],
    auth: auth && { username: auth[0], password: auth[1] },
    tls: {
      verify: read.verify_certs,
      verifyHost: read.ssl_assert_hostname,
      ca: read.ca_certs,
      cert: read.client_cert,
      key: read.client_key,
    },
    compress: read.http_compress,
    timeoutMs: read.timeout * 1000,
    maxSockets: read.pool_maxsize ?? read.maxsize,
    headers: {
      ...Object.fromEntries(
        Object.entries(read.headers).map(([name, value]) => [name.toLowerCase(), value]),
      ),
      ...(read.opaque_id !== undefined && { "x-opaque-id": read.opaque_id }),
    },
    aws: read.aws,
  }
})
