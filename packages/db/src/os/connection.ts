import type { Client } from "@opensearch-project/opensearch"
import type { OsClientOptions } from "@spinor/core/settings/os-client"
import type { AwsCredentials } from "./aws-credentials.ts"
import type { OpenClient } from "./client.ts"
import { readCertificates } from "./certificates.ts"
import { OsUnavailableError } from "./errors.ts"
import { isRecent, moment } from "../moment.ts"

/** After a pause of so long nobody knows whether connections that were kept are there: a machine may have slept. */
const KEPT_MS = 5000

/** One cluster, and the client that speaks with it. */
export interface OsConnection {
  /**
   * Runs calls of the client, which is loaded and made at the first. They run a second time when
   * the connection breaks before there is an answer, so nothing in them may count twice.
   * @throws OsUnavailableError, OsResponseError
   */
  call<Result>(work: (client: Client) => Promise<Result>): Promise<Result>
  /** How long a request may take unless it says otherwise. */
  readonly timeoutMs: number
  /** The URLs of the nodes, without secrets. */
  readonly place: string
  /** Waits for what is under way. */
  close(): Promise<void>
}

export interface OsConnectionDeps {
  /** The variable that holds the options. */
  readonly variable: string
  /** Is asked for each request, as lent credentials change; not asked where nothing is signed. */
  readonly credentials: () => AwsCredentials | Promise<AwsCredentials>
}

/** @throws SettingsError when a file that the options name cannot be read */
export function connectOs(
  options: OsClientOptions,
  { variable, credentials }: OsConnectionDeps,
): OsConnection {
  const certificates = readCertificates(options.tls, variable)
  let opening: Promise<OpenClient> | undefined
  let used = moment()

  const open = async (): Promise<OpenClient> => {
    try {
      const { openClient } = await import("./client.ts")
      return openClient(options, certificates, credentials)
    } catch (cause) {
      opening = undefined
      throw new OsUnavailableError("No client of OpenSearch can be made", { cause })
    }
  }

  return {
    timeoutMs: options.timeoutMs,
    place: options.nodes.join(", "),
    async call(work) {
      opening ??= open()
      const { client, dropKept, isLost, failureOf } = await opening
      if (!isRecent(KEPT_MS, used)) dropKept()
      try {
        return await work(client).catch((error: unknown) => {
          if (isLost(error)) return work(client)
          throw error
        })
      } catch (error) {
        throw failureOf(error)
      } finally {
        used = moment()
      }
    },
    async close() {
      const opened = opening
      opening = undefined
      await (await opened)?.client.close()
    },
  }
}
