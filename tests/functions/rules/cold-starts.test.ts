import { randomBytes } from "node:crypto"
import { createConnection } from "mysql2/promise"
import postgres from "postgres"
import { describe, expect, it, onTestFinished } from "vitest"
import { parseDatabaseUrl } from "@spinor/db/sql/url"
import { runsHere } from "../../support/backends.ts"
import { lambdaRunsHere } from "../../support/lambda/runtime-client.ts"
import { serverUrl, type Server } from "../../support/servers.ts"
import { jsonOf } from "../artifact/send.ts"
import { useContainers } from "./containers.ts"

const canRun = await lambdaRunsHere()
const BACKENDS = (["mysql", "postgresql"] as const).filter(runsHere)
const CONTAINERS = 4

/** What makes a user of a database who may have so many connections, and what removes it. */
const userOf: Record<
  Server,
  (name: string, database: string) => Record<"make" | "drop", string[]>
> = {
  mysql: (name, database) => ({
    make: [
      `create user ${name} identified by '${name}' with max_user_connections ${CONTAINERS}`,
      `grant all on ${database}.* to ${name}`,
    ],
    drop: [`drop user ${name}`],
  }),
  postgresql: (name) => ({
    make: [
      `create role ${name} login password '${name}' connection limit ${CONTAINERS}`,
      `grant all on all tables in schema public to ${name}`,
      `grant all on all sequences in schema public to ${name}`,
    ],
    drop: [`drop owned by ${name} cascade`, `drop role ${name}`],
  }),
}

const execute: Record<Server, (database: string, statements: string[]) => Promise<void>> = {
  async mysql(_, statements) {
    const connection = await createConnection(serverUrl("mysql") ?? "")
    for (const statement of statements) await connection.query(statement)
    await connection.end()
  },
  async postgresql(database, statements) {
    const client = postgres(serverUrl("postgresql") ?? "", { max: 1, database })
    for (const statement of statements) await client.unsafe(statement)
    await client.end()
  },
}

describe.skipIf(!canRun).each(BACKENDS)("containers that start at once, on %s", (backend) => {
  const deployed = useContainers(backend)

  it("have one connection each; who gets none tells when to try again", async () => {
    const { database, user, password } = parseDatabaseUrl(deployed.url, "the test's URL")
    const name = `u${randomBytes(6).toString("hex")}`
    const { make, drop } = userOf[backend](name, database)
    await execute[backend](database, make)
    onTestFinished(() => execute[backend](database, drop))
    const url = deployed.url.replace(`${user}:${password}@`, `${name}:${name}@`)

    const call = await deployed.api({ url, containers: CONTAINERS + 1 })
    const submit = () => call("POST", "/api/jobs/jdl", ["", ""])
    const first = await Promise.all(Array.from({ length: CONTAINERS }, submit))
    expect(first.map(({ status }) => status)).toEqual(Array(CONTAINERS).fill(201))

    const more = await Promise.all(Array.from({ length: CONTAINERS + 1 }, submit))
    const refused = more.filter(({ status }) => status !== 201)
    expect(refused).toMatchObject([{ status: 503, headers: { "retry-after": "10" } }])
    expect(refused.map(jsonOf)).toEqual([{ detail: "Cannot connect to JobDB" }])
  })
})
