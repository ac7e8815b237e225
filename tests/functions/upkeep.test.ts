import { randomUUID } from "node:crypto"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { freshDatabaseUrl, runsHere, type FreshDatabase } from "../support/backends.ts"
import { bundledFunction } from "../support/bundled-function.ts"
import { freshPrefix, openSearchUrl } from "../support/opensearch.ts"
import { serverUrl } from "../support/servers.ts"

const TASKS = ["flush_outboxes", "keep_auth", "clean_sandbox_store", "prune_documents"]

describe.skipIf(!runsHere("mysql") || serverUrl("s3") === undefined)(
  "the functions that keep a deployment up",
  () => {
    const { prefix, drop } = freshPrefix()
    let database: FreshDatabase
    let stores: Record<string, string>
    /** No keys, no configuration, no address. */
    let env: Record<string, string>
    beforeAll(async () => {
      database = await freshDatabaseUrl("mysql")
      const s3 = new URL(serverUrl("s3") ?? "")
      stores = {
        SPINOR_STAGE: "production",
        SPINOR_DB_URL: database.url,
        DIRACX_OS_DB_JOBPARAMETERSDB: JSON.stringify({ hosts: openSearchUrl() }),
        DIRACX_FACTORY_OS_GLOBAL_PREFIX: prefix,
      }
      env = {
        ...stores,
        DIRACX_SANDBOX_STORE_BUCKET_NAME: `spinor-${randomUUID().slice(0, 8)}`,
        AWS_ACCESS_KEY_ID: s3.username,
        AWS_SECRET_ACCESS_KEY: s3.password,
        AWS_ENDPOINT_URL_S3: s3.origin,
      }
    })
    afterAll(async () => {
      await database.drop()
      await drop()
    })
    const send = async (name: string, events: unknown[], more: Record<string, string> = {}) => {
      const deployed = await bundledFunction(name, "mysql2")
      const given = { ...(name === "migrate" ? stores : env), ...more }
      const sent = await deployed.send(events, given).finally(() => deployed.remove())
      return { ...sent, answers: sent.answers.map(({ answer, failure }) => ({ answer, failure })) }
    }

    it("migrate makes tables and templates, and finds nothing to do again", async () => {
      const { answers, errors } = await send("migrate", [{}, {}])
      expect(errors).toBe("")
      const names = ["JobParametersDB", "PilotParametersDB", "PilotLogsDB"]
      const all = (change: string) => Object.fromEntries(names.map((name) => [name, change]))
      expect(answers).toEqual([
        { answer: { tables: "up to date", templates: all("created") } },
        { answer: { tables: "up to date", templates: all("unchanged") } },
      ])
    })

    it("migrate fails while the database is away, and tells no secret", async () => {
      const away = { SPINOR_DB_URL: "mysql+aiomysql://u:secret@127.0.0.1:1/jobs" }
      const { answers, log } = await send("migrate", [{}], away)
      expect(answers).toEqual([{ failure: expect.stringContaining("cannot make the tables") }])
      expect(log).not.toContain("secret")
    })

    it.each(["migrate", "maintenance", "events"])("%s names what it lacks", async (name) => {
      const { errors } = await send(name, [{}], { SPINOR_DB_URL: "" })
      const lacked = errors.match(/^.* is not set$/gm) ?? []
      expect(lacked.length).toBeGreaterThan(1)
      for (const line of lacked) expect(line).toContain("DIRACX_DB_URL_")
    })

    it("maintenance does all tasks, or the one that the schedule names", async () => {
      const { answers, errors } = await send("maintenance", [
        {},
        { task: "keep_auth" },
        { task: "nothing" },
      ])
      expect(errors).toBe("")
      expect(Object.keys(Object(answers[0]?.answer))).toEqual(TASKS)
      expect(Object.keys(Object(answers[1]?.answer))).toEqual(["keep_auth"])
      expect(answers[2]).toEqual({ failure: "There is no task nothing" })
    })

    it("maintenance fails when a task does, and does the others", async () => {
      const away = { AWS_ENDPOINT_URL_S3: "http://127.0.0.1:1" }
      const { answers, log } = await send("maintenance", [{}, { task: "prune_documents" }], {
        ...away,
        DIRACX_OS_DB_PILOTLOGSDB: JSON.stringify({ hosts: "http://u:secret@127.0.0.1:1" }),
      })
      expect(answers[0]?.failure).toBe("Not done: prune_documents")
      expect(answers[1]?.failure).toBe("Not done: prune_documents")
      expect(log).toMatch(/"level":"error"/)
      expect(log).not.toContain("secret")
    })

    it("events do what messages ask for, and give back those that name no task", async () => {
      const message = (messageId: string, body: string) => ({ messageId, body })
      const { answers, errors } = await send("events", [
        {
          Records: [
            message("good", '{"task": "flush_outboxes"}'),
            message("poisoned", "{"),
            message("unknown", '{"task": "nothing"}'),
            message("again", '{"task": "flush_outboxes"}'),
            message("odd", "null"),
          ],
        },
      ])
      expect(errors).toBe("")
      const failed = ["poisoned", "unknown", "odd"]
      expect(answers).toEqual([
        { answer: { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) } },
      ])
    })
  },
)
