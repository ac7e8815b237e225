import type { IncomingMessage } from "node:http"
import { createSecureContext, getCACertificates, type ConnectionOptions } from "node:tls"
import { Client, Connection, errors, Transport } from "@opensearch-project/opensearch"
import { AwsSigv4Signer } from "@opensearch-project/opensearch/aws-v3"
import type { OsClientOptions } from "@spinor/core/settings/os-client"
import type { Certificates } from "./certificates.ts"
import type { AwsCredentials } from "./aws-credentials.ts"
import { failureOf, isLost } from "./failures.ts"

/** A client, and what its errors mean. This module loads the client's, which takes a while. */
export interface OpenClient {
  readonly client: Client
  /** Ends the connections that are kept for later requests. */
  readonly dropKept: () => void
  readonly isLost: typeof isLost
  readonly failureOf: typeof failureOf
}

export function openClient(
  options: OsClientOptions,
  certificates: Certificates,
  credentials: () => AwsCredentials | Promise<AwsCredentials>,
): OpenClient {
  const { auth, aws, nodes, compress, maxSockets, timeoutMs } = options
  const signing =
    aws === undefined
      ? { Connection, Transport }
      : // It keeps credentials until they expire: these have, so that it asks for each request.
        AwsSigv4Signer({
          ...aws,
          async getCredentials() {
            const { sessionToken, ...key } = await credentials()
            return { ...key, ...(sessionToken && { sessionToken }), expiration: new Date(0) }
          },
        })
  const client = new Client({
    nodes: nodes.map((url) => ({ url: new URL(url) })),
    Transport: signing.Transport,
    Connection: withDeadline(withoutPages(signing.Connection)),
    requestTimeout: timeoutMs,
    // It would repeat what timed out, too.
    maxRetries: 0,
    // A node that was away gets a request again after a minute, and no ping before.
    resurrectStrategy: "optimistic",
    agent: { maxSockets },
    ssl: tlsOptions(options, certificates),
    headers: { ...options.headers, ...(auth && { authorization: basic(auth) }) },
    // Parsing alone does no harm, and a document with such a name must not hide all others.
    disablePrototypePoisoningProtection: true,
    suggestCompression: compress,
    ...(compress && { compression: "gzip" }),
  })
  const dropKept = () => {
    for (const { agent } of client.connectionPool.connections) {
      const kept = Object.values(agent?.freeSockets ?? {})
      for (const socket of kept.flatMap((sockets) => sockets ?? [])) socket.destroy()
    }
  }
  return { client, dropKept, isLost, failureOf }
}

/** Limits the whole of a request; the client's own limit is one of silence before an answer. */
const withDeadline = (Base: typeof Connection): typeof Connection =>
  class extends Base {
    override request(...parameters: Parameters<Connection["request"]>) {
      const request = super.request(...parameters)
      const timer = setTimeout(() => {
        // The client listens for silence until an answer begins.
        if (!request.emit("timeout")) request.destroy()
      }, parameters[0].timeout)
      return request.once("close", () => clearTimeout(timer))
    }
  }

/** The client takes any success for an answer, and a page to log in at is one too. */
const withoutPages = (Base: typeof Connection): typeof Connection =>
  class extends Base {
    override request(...[parameters, callback]: Parameters<Connection["request"]>) {
      return super.request(parameters, (error, response) => {
        if (response === null || !isPage(response)) return callback(error, response)
        response.resume()
        callback(new errors.DeserializationError("no JSON", ""), null)
      })
    }
  }

/** A redirection, or a success with other than JSON. */
const isPage = ({ statusCode = 0, headers }: IncomingMessage): boolean =>
  statusCode < 400 && (statusCode >= 300 || !headers["content-type"]?.includes("json"))

function tlsOptions(
  { tls }: OsClientOptions,
  { authorities, cert, key }: Certificates,
): ConnectionOptions {
  return {
    rejectUnauthorized: tls.verify,
    ...(!tls.verifyHost && { checkServerIdentity: () => undefined }),
    ...((authorities.length > 0 || cert !== undefined) && {
      // Made once, and not with each socket.
      secureContext: createSecureContext({
        ca: [...getCACertificates("default"), ...authorities],
        cert,
        key,
      }),
    }),
  }
}

/** RFC 7617; the client's own takes no empty password. */
const basic = ({ username, password }: { username: string; password: string }): string =>
  `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`
