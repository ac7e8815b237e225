import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { CERTIFICATE } from "./services/certificate.ts"
import { collector } from "./services/collector.ts"
import { mariadb } from "./services/mariadb.ts"
import { opensearch } from "./services/opensearch.ts"
import { postgres } from "./services/postgres.ts"
import { readRecord } from "./services/record.ts"
import { versitygw } from "./services/versitygw.ts"

const servers = { mysql: mariadb, postgresql: postgres, s3: versitygw, opensearch, collector }

/** A server that a test may ask for. */
type AnyServer = keyof typeof servers

/** One of databases. */
export type Server = Exclude<AnyServer, "s3" | "opensearch" | "collector">

/** Where the server is: what its variable says, else what `npm run services -- up` started. */
export function serverUrl(server: AnyServer): string | undefined {
  const { name, variable } = servers[server]
  return process.env[variable] ?? readRecord()[name]?.url
}

/** The certificate that a server shows, which signed itself; undefined of a server that was not started here. */
export async function serverCertificate(server: Server): Promise<string | undefined> {
  const folder = readRecord()[servers[server].name]?.folder
  return folder === undefined ? undefined : await readFile(join(folder, CERTIFICATE), "utf8")
}

/** Names the servers that are not there, in words for people. */
export function missingServers(): string[] {
  return (Object.keys(servers) as AnyServer[])
    .filter((server) => serverUrl(server) === undefined)
    .map((server) => servers[server].name)
}

/** Whether a part that is missing is a failure, as in CI, and not a skipped test. */
export const needsAll = (): boolean => process.env["SPINOR_TEST_BACKENDS"] === "all"
