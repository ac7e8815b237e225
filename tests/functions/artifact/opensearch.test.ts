import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest"
import { freshDatabaseUrl, runsHere, type FreshDatabase } from "../../support/backends.ts"
import { refresh } from "../../support/document-stores.ts"
import { useDeployment } from "../../support/lambda/deployment.ts"
import { startGateway } from "../../support/lambda/gateway.ts"
import { lambdaRunsHere } from "../../support/lambda/runtime-client.ts"
import { freshPrefix, openSearchRunsHere, openSearchUrl } from "../../support/opensearch.ts"
import { alice } from "../../support/service.ts"
import { startSigv4Proxy, type Sigv4Proxy } from "../../support/stand-ins/sigv4-proxy.ts"
import { sendJson } from "./send.ts"
import { sqsMessage } from "./sqs-message.ts"

const canRun = (await lambdaRunsHere()) && runsHere("mysql") && openSearchRunsHere()
const IDENTITY = { accessKeyId: "AKID", secretAccessKey: "hidden", sessionToken: "lent" }
const AWS = { region: "eu-central-1", service: "es" }
const TEMPLATES = ["JobParametersDB", "PilotParametersDB", "PilotLogsDB"]

describe.skipIf(!canRun)("the functions with an OpenSearch that checks signatures", () => {
  const deployment = useDeployment("mysql2")
  const { prefix, drop } = freshPrefix()
  let proxy: Sigv4Proxy
  let database: FreshDatabase
  let env: Record<string, string>
  let migrations: unknown[]
  beforeAll(async () => {
    proxy = await startSigv4Proxy(openSearchUrl(), { ...IDENTITY, ...AWS })
    database = await freshDatabaseUrl("mysql")
    env = {
      AWS_ACCESS_KEY_ID: IDENTITY.accessKeyId,
      AWS_SECRET_ACCESS_KEY: IDENTITY.secretAccessKey,
      AWS_SESSION_TOKEN: IDENTITY.sessionToken,
      DIRACX_OS_DB_JOBPARAMETERSDB: JSON.stringify({ hosts: proxy.url, aws: AWS }),
      DIRACX_FACTORY_OS_GLOBAL_PREFIX: prefix,
      SPINOR_DOCUMENTS: "",
      SPINOR_DB_URL: database.url,
    }
    const migrate = await deployment.start("migrate", env)
    migrations = [await migrate.invoke({}), await migrate.invoke({})]
  })
  afterAll(async () => {
    proxy.close()
    await database.drop()
    await drop()
  })

  it("make the templates, and find nothing to do where they are", () => {
    const all = (change: string) => Object.fromEntries(TEMPLATES.map((name) => [name, change]))
    expect(migrations).toEqual([
      { tables: "up to date", templates: all("created") },
      { tables: "up to date", templates: all("unchanged") },
    ])
  })

  it("write documents, and find them", async () => {
    const gateway = await startGateway(() => deployment.start("api", env))
    onTestFinished(gateway.stop)
    const call = sendJson(gateway.url, deployment.tokenFor(alice))
    const [{ JobID }] = (await call("POST", "/api/jobs/jdl", ["[]"])).body
    const patched = await call("PATCH", "/api/jobs/metadata", { [JobID]: { GridCE: "ce*1 é" } })
    expect(patched.status).toBe(204)
    await refresh(prefix)
    const search = [{ parameter: "GridCE", operator: "like", value: "ce*1%" }]
    const found = await call("POST", "/api/jobs/parameters/search", { search })
    expect(found.body).toMatchObject([{ JobID, GridCE: "ce*1 é" }])
  })

  it("do the other tasks when one fails, say so, and tell no secret", async () => {
    const away = { hosts: "http://u:hidden@127.0.0.1:1" }
    const broken = { ...env, DIRACX_OS_DB_PILOTLOGSDB: JSON.stringify(away) }
    const maintenance = await deployment.start("maintenance", broken)
    const notDone = { type: "Error", message: "Not done: prune_documents" }
    await expect(maintenance.invoke({})).rejects.toMatchObject(notDone)
    await expect(maintenance.invoke({ task: "prune_documents" })).rejects.toMatchObject(notDone)
    expect(maintenance.log()).toMatch(/"level":"error"/)

    const events = await deployment.start("events", broken)
    const Records = ["keep_auth", "prune_documents"].map((task) =>
      sqsMessage(task, JSON.stringify({ task })),
    )
    expect(await events.invoke({ Records })).toEqual({
      batchItemFailures: [{ itemIdentifier: "prune_documents" }],
    })

    const migrate = await deployment.start("migrate", broken)
    await expect(migrate.invoke({})).rejects.toMatchObject({ type: "UnavailableError" })
    for (const each of [maintenance, events, migrate]) {
      expect(each.log()).not.toContain("hidden")
    }
  })

  it("keep documents until the signature is taken", async () => {
    const gateway = await startGateway(() =>
      deployment.start("api", { ...env, AWS_SECRET_ACCESS_KEY: "another" }),
    )
    onTestFinished(gateway.stop)
    const call = sendJson(gateway.url, deployment.tokenFor(alice))
    const [{ JobID }] = (await call("POST", "/api/jobs/jdl", ["[]"])).body
    const patched = await call("PATCH", "/api/jobs/metadata", { [JobID]: { GridCE: "late" } })
    expect(patched.status).toBe(204)
    expect(gateway.log()).toMatch(/refuses our credentials/)
    expect(gateway.log()).not.toMatch(/another|lent/)

    const events = await deployment.start("events", env)
    const message = sqsMessage("flush", '{"task":"flush_outboxes"}')
    expect(await events.invoke({ Records: [message] })).toEqual({ batchItemFailures: [] })
    await refresh(prefix)
    const right = await startGateway(() => deployment.start("api", env))
    onTestFinished(right.stop)
    const search = [{ parameter: "GridCE", operator: "eq", value: "late" }]
    const find = sendJson(right.url, deployment.tokenFor(alice))
    const found = await find("POST", "/api/jobs/parameters/search", { search })
    expect(found.body).toMatchObject([{ JobID, GridCE: "late" }])
  })
})
