import { expect, onTestFinished } from "vitest"
import { osClientOptions } from "@spinor/core/settings/os-client"
import { connectDocuments } from "@spinor/logic/documents/connect"
import { openDatabase } from "../support/database.ts"
import { freePort } from "../support/free-port.ts"
import { freshPrefix, openSearchUrl } from "../support/opensearch.ts"
import { admin, serviceOn, type Json } from "../support/service.ts"
import { storeJobs } from "../support/stored-jobs.ts"
import { terminal } from "./terminal.ts"

/** An installation of its own, with its documents in OpenSearch or in SQL. */
export async function installation(kind: "opensearch" | "sql" = "opensearch") {
  const database = await openDatabase("sqlite")
  onTestFinished(() => database.drop())
  const { prefix, drop } = freshPrefix()
  if (kind === "opensearch") onTestFinished(drop)
  const closed = `http://operator:tiger@127.0.0.1:${await freePort()}`

  const env = (hosts: string): Record<string, string> => ({
    SPINOR_DB_URL: database.url,
    DIRACX_FACTORY_OS_GLOBAL_PREFIX: prefix,
    ...(kind === "opensearch" && { DIRACX_OS_DB_JOBPARAMETERSDB: JSON.stringify({ hosts }) }),
  })

  return {
    prefix,
    closed,
    /** Runs a command of the operator. */
    os: async (
      line: string,
      { hosts = hostsOf(kind), more = {}, isTTY = false }: OsOptions = {},
    ): Promise<{ code: number; out: string; err: string }> => {
      const { run } = await terminal({ ...env(hosts), ...more }, { isTTY })
      return await run(`os ${line}`)
    },
    /** Sends a request to the service, which finds OpenSearch there. */
    call: async (
      [method, path, body]: [method: string, path: string, body: unknown],
      hosts = hostsOf(kind),
    ) => {
      const client = kind === "sql" ? undefined : osClientOptions.parse(JSON.stringify({ hosts }))
      const documents = await connectDocuments({
        sql: database.sql,
        places: { clusterOf: () => client && { variable: "OF_THE_TEST", client }, missing: [] },
        globalPrefix: prefix,
        credentials: () => ({ accessKeyId: "", secretAccessKey: "", sessionToken: undefined }),
        elapsed: () => performance.now(),
        onProblem: () => undefined,
      })
      const answer = await serviceOn(database.sql, documents).call(method, path, {
        as: admin,
        body,
      })
      await documents.close()
      expect(answer.status).toBeLessThan(300)
    },
    newJobs: (count: number) =>
      storeJobs(
        database.sql,
        Array.from({ length: count }, () => ({})),
      ),
  }
}

const hostsOf = (kind: "opensearch" | "sql"): string => (kind === "sql" ? "" : openSearchUrl())

interface OsOptions {
  readonly hosts?: string
  readonly more?: Record<string, string>
  readonly isTTY?: boolean
}

type Installation = Awaited<ReturnType<typeof installation>>

/** Speaks with OpenSearch past the service and the commands. */
export async function openSearch(method: string, path: string, body?: unknown): Promise<Json> {
  const response = await fetch(`${openSearchUrl()}/${path}`, {
    method,
    ...(body !== undefined && {
      body: JSON.stringify(body),
      headers: { "content-type": "application/json" },
    }),
  })
  return { status: response.status, ...((await response.json()) as object) }
}

export const countIn = async (index: string): Promise<number> => {
  await openSearch("POST", `${index}/_refresh`)
  return (await openSearch("GET", `${index}/_count`)).count
}

export async function registerPilot(
  { call }: Installation,
  stamp: string,
  vo = "testvo",
): Promise<void> {
  await call(["POST", "/api/pilots/", { pilot_stamp: stamp, vo }])
}

/** Lines of a log, a line a time. */
export const linesAt = (...times: string[]) =>
  times.map((time, sequence) => ({ sequence, time, text: `line ${sequence}` }))
