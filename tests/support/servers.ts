import { mariadb } from "./services/mariadb.ts"
import { postgres } from "./services/postgres.ts"
import { readRecord } from "./services/record.ts"

const servers = { mysql: mariadb, postgresql: postgres }

/** A database server that a test may ask for. */
export type Server = keyof typeof servers

/** Where the server is: what its variable says, else what `npm run services -- up` started. */
export function serverUrl(server: Server): string | undefined {
  const { name, variable } = servers[server]
  return process.env[variable] ?? readRecord()[name]?.url
}

/** Names the servers that are not there, in words for people. */
export function missingServers(): string[] {
  return (Object.keys(servers) as Server[])
    .filter((server) => serverUrl(server) === undefined)
    .map((server) => servers[server].name)
}

/** Whether a part that is missing is a failure, as in CI, and not a skipped test. */
export const needsAll = (): boolean => process.env["SPINOR_TEST_BACKENDS"] === "all"
