import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest"
import { freshDatabaseUrl, runsHere, type FreshDatabase } from "../../support/backends.ts"
import { refresh } from "../../support/document-stores.ts"
import { useDeployment } from "../../support/lambda/deployment.ts"
import { startGateway } from "../../support/lambda/gateway.ts"
import { lambdaRunsHere } from "../../support/lambda/runtime-client.ts"
import { QUEUE_REGION, startMessageQueue, type TestQueue } from "../../support/message-queue.ts"
import { freshPrefix, openSearchRunsHere, openSearchUrl } from "../../support/opensearch.ts"
import { alice } from "../../support/service.ts"
import { sendJson } from "./send.ts"
import { sqsMessage } from "./sqs-message.ts"

const canRun = (await lambdaRunsHere()) && runsHere("mysql") && openSearchRunsHere()

describe.skipIf(!canRun)("the functions with a queue", () => {
  const deployment = useDeployment("mysql2")
  const { prefix, drop } = freshPrefix()
  let database: FreshDatabase
  let queue: TestQueue
  let env: Record<string, string>
  beforeAll(async () => {
    database = await freshDatabaseUrl("mysql")
    queue = await startMessageQueue()
    env = {
      AWS_ACCESS_KEY_ID: queue.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: queue.credentials.secretAccessKey,
      AWS_SESSION_TOKEN: queue.credentials.sessionToken,
      AWS_REGION: QUEUE_REGION,
      DIRACX_OS_DB_JOBPARAMETERSDB: JSON.stringify({ hosts: openSearchUrl() }),
      DIRACX_FACTORY_OS_GLOBAL_PREFIX: prefix,
      SPINOR_DB_URL: database.url,
      SPINOR_DOCUMENTS: "",
      SPINOR_SQS_QUEUE_URL: queue.url,
    }
    await (await deployment.start("migrate", env)).invoke({})
  })
  afterAll(async () => {
    await queue.close()
    await database.drop()
    await drop()
  })

  it("send what waited for OpenSearch when the message about it comes", async () => {
    const hosts = "http://127.0.0.1:1"
    const cutOff = await startGateway(() =>
      deployment.start("api", { ...env, DIRACX_OS_DB_JOBPARAMETERSDB: JSON.stringify({ hosts }) }),
    )
    onTestFinished(cutOff.stop)
    const call = sendJson(cutOff.url, deployment.tokenFor(alice))
    const [{ JobID }] = (await call("POST", "/api/jobs/jdl", ["[]"])).body
    const patched = await call("PATCH", "/api/jobs/metadata", { [JobID]: { GridCE: "late" } })
    expect(patched.status).toBe(204)
    const { delayed } = queue.held()
    expect(delayed).toEqual(['{"task":"flush_outboxes"}'])

    const events = await deployment.start("events", env)
    const Records = delayed.map((body, i) => sqsMessage(String(i), body))
    expect(await events.invoke({ Records })).toEqual({ batchItemFailures: [] })
    await refresh(prefix)
    const gateway = await startGateway(() => deployment.start("api", env))
    onTestFinished(gateway.stop)
    const find = sendJson(gateway.url, deployment.tokenFor(alice))
    const found = await find("POST", "/api/jobs/parameters/search", {})
    expect(found.body).toMatchObject([{ JobID, GridCE: "late" }])
  })

  it("ask for the rest of a task that they have no time for", async () => {
    const hurried = await deployment.start("maintenance", env, { timeoutMs: 25_000 })
    await hurried.invoke({ task: "clean_sandbox_store" })
    const unhurried = await deployment.start("maintenance", env)
    await unhurried.invoke({ task: "keep_auth" })
    expect(queue.held().delayed).toContain('{"task":"clean_sandbox_store"}')
    expect(queue.held().delayed).not.toContain('{"task":"keep_auth"}')
  })
})
