import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { expect, it, onTestFinished } from "vitest"
import { systemClock } from "@spinor/core/instant"
import { parseKeystore } from "@spinor/core/security/keystore"
import { keystoreText, newSigningKey } from "@spinor/core/security/new-keys"
import { systemRandom } from "@spinor/core/security/random"
import { newStateKey } from "@spinor/core/security/state-key"
import { connectSql } from "@spinor/db/sql/connections"
import { DATABASES } from "@spinor/db/sql/declared"
import { migrate } from "@spinor/db/sql/migrations/migrate"
import { parseDatabaseUrl } from "@spinor/db/sql/url"
import { startServer, type Server } from "../support/server.ts"
import { admin, alice, configuration, serviceOn, settings, type Json } from "../support/service.ts"

const SUBMISSIONS = 40
const JOBS = 5
const UPDATES = 6

/** Two servers on one SQLite file, and a way to call one of them as somebody. */
async function twoServers() {
  const folder = await mkdtemp(join(tmpdir(), "spinor-two-"))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  await writeFile(join(folder, "default.yml"), JSON.stringify(configuration))
  const url = `sqlite+aiosqlite:///${join(folder, "both.db")}`
  const connections = connectSql(() => parseDatabaseUrl(url, "the test's URL"))
  onTestFinished(() => connections.close())
  await migrate(await connections.engineOf("JobDB"), DATABASES, systemClock)
  const keys = keystoreText([newSigningKey("Ed25519", "both")])
  const env = {
    DIRACX_CONFIG_BACKEND_URL: pathToFileURL(join(folder, "default.yml")).href,
    DIRACX_SERVICE_AUTH_TOKEN_ISSUER: settings.tokenIssuer,
    DIRACX_SERVICE_AUTH_TOKEN_KEYSTORE: keys,
    DIRACX_SERVICE_AUTH_STATE_KEY: newStateKey(systemRandom),
    SPINOR_DB_URL: url,
    SPINOR_SANDBOX_STORE: "disk",
    SPINOR_DOCUMENTS: "sql",
    SPINOR_DATA_DIR: folder,
  }
  const servers = await Promise.all([startServer(env), startServer(env)])
  onTestFinished(async () => {
    await Promise.all(servers.map((server) => server.stop()))
  })
  const { tokenFor } = serviceOn(connections.sql, { keystore: parseKeystore(keys) })
  const call = async (server: Server, method: string, path: string, body: unknown, as = alice) => {
    const response = await fetch(`${server.url}${path}`, {
      method,
      body: JSON.stringify(body),
      headers: {
        authorization: `Bearer ${tokenFor(as)}`,
        "content-type": "application/json",
      },
    })
    const answer: Json = await response.json()
    return { status: response.status, body: answer }
  }
  return { servers, call }
}

it(
  "two processes write into one SQLite file at once, and nothing is lost",
  { timeout: 120_000 },
  async () => {
    const { servers, call } = await twoServers()
    const everyServer = <Result>(
      times: number,
      work: (server: Server, i: number) => Promise<Result>,
    ) =>
      Promise.all(
        servers.flatMap((server) => Array.from({ length: times }, (_, i) => work(server, i))),
      )

    const jdls = Array.from({ length: JOBS }, () => 'Executable = "run.sh"; JobName = "both";')
    const submitted = await everyServer(SUBMISSIONS, (server) =>
      call(server, "POST", "/api/jobs/jdl", jdls),
    )
    expect(new Set(submitted.map(({ status }) => status))).toEqual(new Set([201]))
    const ids = submitted.flatMap(({ body }) => body.map(({ JobID }: { JobID: number }) => JobID))
    expect(new Set(ids).size).toBe(2 * SUBMISSIONS * JOBS)

    // Both change the same jobs, while both submit more.
    const changed = ids.slice(0, 20)
    const later = Date.now()
    const [updates, more] = await Promise.all([
      everyServer(UPDATES, (server, i) => {
        const at = new Date(later + 1000 * i + servers.indexOf(server)).toISOString()
        const change = { Status: "Waiting", MinorStatus: `${servers.indexOf(server)}-${i}` }
        const body = Object.fromEntries(changed.map((id) => [id, { [at]: change }]))
        return call(server, "PATCH", "/api/jobs/status?force=true", body, admin)
      }),
      everyServer(SUBMISSIONS, (server) => call(server, "POST", "/api/jobs/jdl", jdls)),
    ])
    expect(new Set([...updates, ...more].map(({ status }) => status))).toEqual(new Set([200, 201]))

    const [one, other] = await everyServer(1, async (server) => {
      const search = { search: [{ parameter: "JobName", operator: "eq", value: "both" }] }
      const path = "/api/jobs/search?per_page=10000"
      const parameters = ["JobID", "Status", "LoggingInfo"]
      return (await call(server, "POST", path, { ...search, parameters })).body
    })
    expect(one).toHaveLength(4 * SUBMISSIONS * JOBS)
    expect(other).toEqual(one)
    const written = servers.flatMap((_, server) =>
      Array.from({ length: UPDATES }, (__, i) => `${server}-${i}`),
    )
    for (const job of one.filter(({ JobID }: { JobID: number }) => changed.includes(JobID))) {
      const log: { MinorStatus: string }[] = job.LoggingInfo
      const minors = log.map(({ MinorStatus }) => MinorStatus)
      expect(minors.toSorted()).toEqual([...written, "Job accepted"].toSorted())
      expect(job.Status).toBe("Waiting")
    }
  },
)
