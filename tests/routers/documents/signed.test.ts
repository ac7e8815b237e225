import { expect, describe, it, onTestFinished } from "vitest"
import { useDatabase } from "../../support/database.ts"
import { openDocuments, refresh } from "../../support/document-stores.ts"
import { freshPrefix, openSearchRunsHere, openSearchUrl } from "../../support/opensearch.ts"
import { admin, serviceOn } from "../../support/service.ts"
import { startSigv4Proxy } from "../../support/stand-ins/sigv4-proxy.ts"
import { storeJobs } from "../../support/stored-jobs.ts"

const REGION = "eu-central-1"

describe.skipIf(!openSearchRunsHere())("documents in an OpenSearch that checks signatures", () => {
  const database = useDatabase("sqlite")

  it.each(["es", "aoss"] as const)(
    "are written, found and kept up with credentials that change: %s",
    async (service) => {
      let credentials = { accessKeyId: "one", secretAccessKey: "first", sessionToken: "lent" }
      const proxy = await startSigv4Proxy(openSearchUrl(), {
        ...credentials,
        region: REGION,
        service,
      })
      const { prefix, drop } = freshPrefix()
      const documents = await openDocuments(database.sql, {
        client: { hosts: proxy.url, aws: { region: REGION, service } },
        prefix,
        credentials: () => credentials,
      })
      onTestFinished(async () => {
        await documents.close()
        proxy.close()
        await drop()
      })
      const { call } = serviceOn(database.sql, documents)
      const [jobId = 0] = await storeJobs(database.sql, [{}])
      const patch = (fields: object) =>
        call("PATCH", "/api/jobs/metadata", { as: admin, body: { [jobId]: fields } })
      expect((await patch({ GridCE: "ce*1 é" })).status).toBe(204)
      credentials = { accessKeyId: "two", secretAccessKey: "second", sessionToken: "lent again" }
      proxy.trust({ ...credentials, region: REGION, service })
      expect((await patch({ Own: { "a b": 1 } })).status).toBe(204)
      await refresh(prefix)
      const search = [{ parameter: "GridCE", operator: "like", value: "ce*1%" }]
      const path = "/api/jobs/parameters/search"
      const found = await call("POST", path, { as: admin, body: { search } })
      expect(found.body).toMatchObject([{ JobID: jobId, GridCE: "ce*1 é", Own: { "a b": 1 } }])

      const upkeep = documents.upkeep.get("JobParametersDB")
      expect(await upkeep?.status()).toMatchObject({
        template: "current",
        parts: [{ documents: 1 }],
      })
      expect(await upkeep?.removeBefore(Date.now() + 1000, () => undefined)).toBe(1)
      expect(await documents.outboxes.get("JobDB")?.backlog()).toEqual([])
    },
  )

  it("wait in the outbox while our signature is not taken", async () => {
    const trusted = { accessKeyId: "one", secretAccessKey: "right", sessionToken: "lent" }
    const proxy = await startSigv4Proxy(openSearchUrl(), {
      ...trusted,
      region: REGION,
      service: "es",
    })
    const { prefix, drop } = freshPrefix()
    const problems: string[] = []
    const documents = await openDocuments(database.sql, {
      client: { hosts: proxy.url, aws: { region: REGION, service: "es" } },
      prefix,
      credentials: () => ({ ...trusted, secretAccessKey: "wrong" }),
      onProblem: (error) => problems.push(String(error)),
    })
    onTestFinished(async () => {
      await documents.close()
      proxy.close()
      await drop()
    })
    const { call } = serviceOn(database.sql, documents)
    const [jobId = 0] = await storeJobs(database.sql, [{}])
    const body = { [jobId]: { GridCE: "ce1" } }
    expect((await call("PATCH", "/api/jobs/metadata", { as: admin, body })).status).toBe(204)
    expect(problems.join()).toMatch(/refuses our credentials/)
    expect(problems.join()).not.toMatch(/wrong|lent/)
    const [backlog] = (await documents.outboxes.get("JobDB")?.backlog()) ?? []
    expect(backlog?.documents).toBe(1)
  })
})
