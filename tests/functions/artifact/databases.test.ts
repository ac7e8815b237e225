import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest"
import { freshDatabaseUrl, runsHere, type FreshDatabase } from "../../support/backends.ts"
import { DRIVERS, useDeployment } from "../../support/lambda/deployment.ts"
import { startGateway } from "../../support/lambda/gateway.ts"
import { lambdaRunsHere } from "../../support/lambda/runtime-client.ts"
import { alice } from "../../support/service.ts"
import { sendJson } from "./send.ts"
import { sqsMessage } from "./sqs-message.ts"

const canRun = await lambdaRunsHere()
const BACKENDS = Object.keys(DRIVERS) as (keyof typeof DRIVERS)[]
const TASKS = ["flush_outboxes", "keep_auth", "clean_sandbox_store", "prune_documents"]

for (const backend of BACKENDS) {
  describe.skipIf(!canRun || !runsHere(backend))(`the functions on ${backend}`, () => {
    const deployment = useDeployment(DRIVERS[backend])
    let database: FreshDatabase
    let env: Record<string, string>
    let firstMigrations: unknown[]
    beforeAll(async () => {
      database = await freshDatabaseUrl(backend)
      env = { SPINOR_DB_URL: database.url }
      const containers = await Promise.all([1, 2].map(() => deployment.start("migrate", env)))
      firstMigrations = await Promise.all(containers.map((each) => each.invoke({})))
    })
    afterAll(() => database.drop())

    it("make the tables, two at once too, and find nothing to do where they are", async () => {
      const done = { tables: "up to date", templates: {} }
      expect(firstMigrations).toEqual([done, done])
      const migrate = await deployment.start("migrate", env)
      expect(await migrate.invoke({})).toEqual(done)
      expect(await migrate.invoke({})).toEqual(done)
    })

    it("fail a deployment while the database is away, and tell no secret", async () => {
      const away = new URL(database.url)
      away.port = "1"
      const migrate = await deployment.start("migrate", { SPINOR_DB_URL: away.href })
      await expect(migrate.invoke({})).rejects.toMatchObject({
        type: "UnavailableError",
        message: expect.stringContaining("cannot make the tables"),
      })
      const secret = away.searchParams.get("authToken") ?? away.password
      expect(secret).not.toBe("")
      expect(migrate.log()).not.toContain(secret)
    })

    it("serve", async () => {
      const gateway = await startGateway(() => deployment.start("api", env))
      onTestFinished(gateway.stop)
      const call = sendJson(gateway.url, deployment.tokenFor(alice))
      const JobName = "Grüße_東京_💥"
      const jdl = `Executable = "run.sh"; JobName = "${JobName}";`
      const submitted = await call("POST", "/api/jobs/jdl", [jdl, jdl])
      expect(submitted).toMatchObject({ status: 201, body: [{ JobID: 1 }, { JobID: 2 }] })
      const found = await call("POST", "/api/jobs/search", { parameters: ["JobID", "JobName"] })
      expect(found.body).toEqual([1, 2].map((JobID) => ({ JobID, JobName })))
      const soon = new Date(Date.now() + 1000).toISOString()
      const changes = { 1: { [soon]: { Status: "Waiting" } } }
      const changed = await call("PATCH", "/api/jobs/status", changes)
      expect(changed).toMatchObject({
        status: 200,
        body: { success: { 1: { Status: "Waiting" } } },
      })
    })

    it("do all tasks when a schedule says so, or the one that it names", async () => {
      const maintenance = await deployment.start("maintenance", env)
      expect(Object.keys(Object(await maintenance.invoke({})))).toEqual(TASKS)
      expect(await maintenance.invoke({ task: "keep_auth" })).toHaveProperty("keep_auth")
      await expect(maintenance.invoke({ task: "nothing" })).rejects.toThrow(
        "There is no task nothing",
      )
    })

    it("do what messages ask for, and give back those that name no task", async () => {
      const events = await deployment.start("events", env)
      const asked = TASKS.map((task) => sqsMessage(task, JSON.stringify({ task })))
      const poisoned = ["{", '{"task": "nothing"}', "null", ""].map((body, i) =>
        sqsMessage(`poisoned ${i}`, body),
      )
      const batch = { Records: [...poisoned, ...asked, ...asked] }
      expect(await events.invoke(batch)).toEqual({
        batchItemFailures: poisoned.map(({ messageId }) => ({ itemIdentifier: messageId })),
      })
      for (const { messageId } of poisoned) {
        expect(events.log()).toContain(`The message ${messageId} names no task`)
      }
    })
  })
}
