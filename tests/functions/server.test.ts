import { sql } from "drizzle-orm"
import { once } from "node:events"
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises"
import { request } from "node:http"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { describe, expect, it, onTestFinished } from "vitest"
import { systemClock } from "@spinor/core/instant"
import { keystoreText, newSigningKey } from "@spinor/core/security/new-keys"
import { systemRandom } from "@spinor/core/security/random"
import { newStateKey } from "@spinor/core/security/state-key"
import { connectSql } from "@spinor/db/sql/connections"
import { DATABASES } from "@spinor/db/sql/declared"
import { migrate } from "@spinor/db/sql/migrations/migrate"
import { parseDatabaseUrl } from "@spinor/db/sql/url"
import { spawnServer, startServer } from "../support/server.ts"
import { configuration } from "../support/service.ts"

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "spinor-server-"))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

async function refusesConnections(url: string): Promise<void> {
  for (;;) {
    const answer = await fetch(`${url}/api/health/live`).catch(() => undefined)
    if (answer === undefined) return
    await answer.body?.cancel()
  }
}

/** A start that shall fail: its exit code, and what it printed. */
async function failingStart(env: Record<string, string>) {
  const { child, output } = spawnServer({ PORT: "0", ...env })
  const [code] = await once(child, "exit")
  return { code, lines: output().trim().split("\n") }
}

describe("npm start", () => {
  it("is ready in seconds, says what to try, and stops when it is told to", async () => {
    const folder = await temporaryFolder()
    const server = await startServer({ SPINOR_DATA_DIR: folder })
    expect(server.output()).toContain(server.url)
    expect(server.output()).toContain("npx spinor login testvo")
    const docs = await fetch(`${server.url}/api/docs`)
    const assets = [...(await docs.text()).matchAll(/(?:src|href)="([^"]+)"/g)].map(
      ([, path]) => path,
    )
    expect(assets).toHaveLength(4)
    for (const path of assets) {
      expect(path).toMatch(/^\/api\/docs\//)
      expect((await fetch(`${server.url}${path}`)).status).toBe(200)
    }
    expect(await server.stop()).toBe(0)
  })

  it("keeps its data in a folder of any name", async () => {
    const folder = join(await temporaryFolder(), "a b%20c?d#e&é")
    const server = await startServer({ SPINOR_DATA_DIR: folder })
    expect((await stat(join(folder, "spinor.db"))).isFile()).toBe(true)
    expect(await server.stop()).toBe(0)
  })

  it("keeps its keys to itself and finds all of it again", async () => {
    const folder = await temporaryFolder()
    const keys = async () => {
      const server = await startServer({ SPINOR_DATA_DIR: folder })
      const jwks = await (await fetch(`${server.url}/.well-known/jwks.json`)).text()
      await server.stop()
      return jwks
    }
    const first = await keys()
    expect(await keys()).toBe(first)
    for (const file of ["keystore.jwks", "state.key", "cookie.key"]) {
      expect((await stat(join(folder, file))).mode & 0o777).toBe(0o600)
    }
  })

  it("logs a line a request, with an id that comes in or is made, and no secret", async () => {
    const server = await startServer({ SPINOR_DATA_DIR: await temporaryFolder() })
    const path = "/api/auth/userinfo"
    const headers = { "x-request-id": "mine-1", authorization: "Bearer very-secret" }
    const answer = await fetch(`${server.url}${path}?token=very-secret`, { headers })
    expect(answer.headers.get("x-request-id")).toBe("mine-1")
    await server.stop()
    const line =
      server
        .output()
        .split("\n")
        .find((each) => each.includes("mine-1")) ?? ""
    expect(JSON.parse(line)).toMatchObject({
      method: "GET",
      path,
      status: 401,
      requestId: "mine-1",
    })
    expect(server.output()).not.toContain("very-secret")
  })

  it("answers what is under way when it is told to stop, and takes nothing new", async () => {
    const server = await startServer({ SPINOR_DATA_DIR: await temporaryFolder() })
    const form = "grant_type=none"
    const upload = request(`${server.url}/api/auth/token`, {
      method: "POST",
      headers: {
        "content-type": "application/x-www-form-urlencoded",
        "content-length": form.length,
      },
    })
    const answered = once(upload, "response")
    await new Promise((written) => upload.write(form.slice(0, 5), written))
    const stopped = server.stop()
    await refusesConnections(server.url)
    upload.end(form.slice(5))
    const [answer] = await answered
    expect(answer.statusCode).toBe(400)
    answer.resume()
    expect(await stopped).toBe(0)
  })

  it("ends with one line when the port is taken", async () => {
    const taken = createServer().listen(0, "127.0.0.1")
    await once(taken, "listening")
    onTestFinished(() => void taken.close())
    const { port } = taken.address() as { port: number }
    const { code, lines } = await failingStart({ PORT: String(port) })
    expect(code).toBe(1)
    expect(lines).toEqual([
      `error PORT: 127.0.0.1:${port} is taken by another program; choose another one`,
    ])
  })

  it("ends with one line when the data folder cannot be made", async () => {
    const folder = await temporaryFolder()
    await writeFile(join(folder, "file"), "")
    await chmod(folder, 0o700)
    const data = join(folder, "file", "data")
    const { code, lines } = await failingStart({ SPINOR_DATA_DIR: data })
    expect(code).toBe(1)
    expect(lines).toEqual([`error SPINOR_DATA_DIR: the folder ${data} cannot be written`])
  })

  it.each([
    ["PORT", "http", "PORT is not a whole number"],
    ["SPINOR_JOBS_MAX_PER_CALL", "0", "SPINOR_JOBS_MAX_PER_CALL is not between 1 and 5000"],
    ["SPINOR_PUBLIC_URL", "example.org", "SPINOR_PUBLIC_URL is not an http(s) URL"],
    ["SPINOR_SANDBOX_STORE", "tape", "SPINOR_SANDBOX_STORE is neither s3 nor disk"],
    ["DIRACX_SANDBOX_STORE_BUCKET_NAME", "A/B", "DIRACX_SANDBOX_STORE_BUCKET_NAME is not the name"],
    [
      "DIRACX_SANDBOX_STORE_SE_NAME",
      "a b",
      "DIRACX_SANDBOX_STORE_SE_NAME is not the name of an SE",
    ],
    [
      "DIRACX_SANDBOX_STORE_S3_CLIENT_KWARGS",
      '{"endpoint_url": "s3cret"}',
      "DIRACX_SANDBOX_STORE_S3_CLIENT_KWARGS holds a value of endpoint_url that cannot be used",
    ],
    [
      "DIRACX_SANDBOX_STORE_S3_CLIENT_KWARGS",
      '{"aws_secret": "s3cret"}',
      "DIRACX_SANDBOX_STORE_S3_CLIENT_KWARGS holds aws_secret: known are endpoint_url, ",
    ],
    [
      "DIRACX_SANDBOX_STORE_S3_CLIENT_KWARGS",
      "s3cret",
      "DIRACX_SANDBOX_STORE_S3_CLIENT_KWARGS is not an object in JSON",
    ],
    ["SPINOR_DB_URL", "oracle://u:s3cret@h/d", "SPINOR_DB_URL: no driver for the scheme"],
    [
      "SPINOR_DB_URL",
      "mysql+aiomysql://u:s3cret@h:99999/d",
      "SPINOR_DB_URL: the port is not a number",
    ],
  ])("ends with a line that names %s when it is %j", async (name, value, line) => {
    const { code, lines } = await failingStart({
      [name]: value,
      SPINOR_DATA_DIR: await temporaryFolder(),
    })
    expect(code).toBe(1)
    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain(line)
    expect(lines[0]).not.toContain("s3cret")
  })

  it("approves logins at once on the loopback interface only", async () => {
    const { code, lines } = await failingStart({
      HOST: "0.0.0.0",
      SPINOR_IDP_APPROVE: "alice",
      SPINOR_DATA_DIR: await temporaryFolder(),
    })
    expect(code).toBe(1)
    expect(lines).toEqual(["error SPINOR_IDP_APPROVE is for HOST on the loopback interface only"])
  })
})

describe("npm start with the variables of a deployment", () => {
  it.each([{ SPINOR_STAGE: "production" }, { DIRACX_CONFIG_BACKEND_URL: "file:///nowhere" }])(
    "lists every variable that is missing, given %j",
    async (env) => {
      const { code, lines } = await failingStart(env)
      expect(code).toBe(1)
      const names = [
        ...("SPINOR_STAGE" in env ? ["DIRACX_CONFIG_BACKEND_URL"] : []),
        "DIRACX_SERVICE_AUTH_TOKEN_KEYSTORE",
        "DIRACX_SERVICE_AUTH_STATE_KEY",
        "DIRACX_DB_URL_AUTHDB",
        "DIRACX_DB_URL_JOBDB",
        "DIRACX_DB_URL_JOBLOGGINGDB",
        "DIRACX_DB_URL_PILOTAGENTSDB",
        "DIRACX_DB_URL_RESOURCESTATUSDB",
        "DIRACX_DB_URL_SANDBOXMETADATADB",
        "DIRACX_DB_URL_TASKQUEUEDB",
        "DIRACX_SANDBOX_STORE_BUCKET_NAME is not set",
        "DIRACX_OS_DB_JOBPARAMETERSDB (or SPINOR_DOCUMENTS=sql) is not set",
        "aws_access_key_id (or AWS_ACCESS_KEY_ID)",
        "aws_secret_access_key (or AWS_SECRET_ACCESS_KEY)",
      ]
      for (const name of names) expect(lines.join("\n")).toContain(name)
      expect(lines).toHaveLength(names.length)
    },
  )

  /** What a deployment on one SQLite file sets. */
  const deployment = async () => {
    const folder = await temporaryFolder()
    const file = join(folder, "default.yml")
    await writeFile(file, JSON.stringify(configuration))
    const url = `sqlite+aiosqlite:///${join(folder, "their.db")}`
    const parsed = parseDatabaseUrl(url, "the test's URL")
    const connections = connectSql(() => parsed)
    const engine = await connections.engineOf("JobDB")
    await migrate(engine, DATABASES, systemClock)
    onTestFinished(() => connections.close())
    const env = {
      DIRACX_CONFIG_BACKEND_URL: pathToFileURL(file).href,
      DIRACX_SERVICE_AUTH_TOKEN_ISSUER: "https://dirac.example.org",
      DIRACX_SERVICE_AUTH_TOKEN_KEYSTORE: keystoreText([newSigningKey("Ed25519", "theirs")]),
      DIRACX_SERVICE_AUTH_STATE_KEY: newStateKey(systemRandom),
      ...Object.fromEntries(DATABASES.map((name) => [`DIRACX_DB_URL_${name.toUpperCase()}`, url])),
      DIRACX_SANDBOX_STORE_BUCKET_NAME: "theirs",
      SPINOR_DOCUMENTS: "sql",
      DIRACX_SANDBOX_STORE_S3_CLIENT_KWARGS: JSON.stringify({
        endpoint_url: "http://127.0.0.1:1",
        aws_access_key_id: "key",
        aws_secret_access_key: "s3cret",
      }),
      SPINOR_DATA_DIR: join(folder, "data"),
    }
    return { env, engine, folder }
  }

  it("serves that deployment and embeds nothing", async () => {
    const { env, folder } = await deployment()
    const server = await startServer(env)
    onTestFinished(async () => void (await server.stop()))
    const discovery = await (await fetch(`${server.url}/.well-known/openid-configuration`)).json()
    expect(discovery).toMatchObject({ issuer: "https://dirac.example.org" })
    expect((await fetch(`${server.url}/idp/.well-known/openid-configuration`)).status).toBe(404)
    await expect(readFile(join(folder, "data", "keystore.jwks"))).rejects.toThrow("ENOENT")
  })

  it("refuses tables that a newer Spinor has changed", async () => {
    const { env, engine } = await deployment()
    await engine.transaction((db) =>
      db.run(
        sql`insert into spinor_migrations (DatabaseName, Name, AppliedAt) values ('JobDB', '0099_later', '2027')`,
      ),
    )
    const { code, lines } = await failingStart(env)
    expect(code).toBe(1)
    expect(lines).toEqual([
      expect.stringMatching(/^error a newer Spinor has changed the tables \(JobDB 0099_later\): /),
    ])
  })
})
