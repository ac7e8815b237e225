import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import type { AwsCredentials } from "@spinor/db/os/aws-credentials"
import type { OsConnection } from "@spinor/db/os/connection"
import { OsResponseError, OsUnavailableError } from "@spinor/db/os/errors"
import { freshPrefix, openSearchRunsHere, openSearchUrl } from "../../support/opensearch.ts"
import { startSigv4Proxy, type Sigv4Proxy } from "../../support/stand-ins/sigv4-proxy.ts"
import { connected } from "./connected.ts"

const REGION = "eu-west-1"
const LENT = { accessKeyId: "AKIDLENT", secretAccessKey: "secret/of+it=", sessionToken: "t/o+k=" }
const OWN = { accessKeyId: "AKIDOWN", secretAccessKey: "other", sessionToken: undefined }

describe.skipIf(!openSearchRunsHere())("OpenSearch that verifies signatures", () => {
  const { prefix, drop } = freshPrefix()
  let proxy: Sigv4Proxy
  const trust = ({ sessionToken, ...keys }: AwsCredentials, service = "es") =>
    proxy.trust({
      ...keys,
      ...(sessionToken !== undefined && { sessionToken }),
      region: REGION,
      service,
    })
  beforeAll(async () => {
    proxy = await startSigv4Proxy(openSearchUrl(), { ...LENT, region: REGION, service: "es" })
  })
  afterAll(async () => {
    proxy.close()
    await drop()
  })

  const connections: OsConnection[] = []
  const signing = (
    credentials: () => AwsCredentials,
    { service = "es", ...options }: { service?: string; http_compress?: boolean } = {},
  ) => {
    const aws = { region: REGION, service }
    const connection = connected({ hosts: proxy.url, aws, ...options }, credentials)
    connections.push(connection)
    return connection
  }
  const status = async (connection: OsConnection) =>
    (await connection.call((client) => client.info())).statusCode
  afterEach(async () => {
    for (const connection of connections.splice(0)) await connection.close()
  })

  it.each([
    ["es", false],
    ["es", true],
    ["aoss", false],
    ["aoss", true],
  ])("serves what is signed for %s, with http_compress %j", async (service, compress) => {
    trust(LENT, service)
    const connection = signing(() => LENT, { service, http_compress: compress })
    const index = `${prefix}${service}-${compress}`
    const body = [{ update: { _index: index, _id: "ü/1 +" } }, { doc: { text: "Grüße 💥" } }]
    const lines = body.map((line) => ("doc" in line ? { ...line, doc_as_upsert: true } : line))
    const written = await connection.call((client) => client.bulk({ body: lines, refresh: true }))
    expect(written.body.errors).toBe(false)
    const one = await connection.call((client) => client.get({ index, id: "ü/1 +" }))
    expect(one.body._source).toEqual({ text: "Grüße 💥" })
    const found = await connection.call((client) =>
      client.search({ index: `${index}*`, q: "text:grüße OR text:(a+b)", size: 1 }),
    )
    expect(found.body.hits.hits).toHaveLength(1)
    const missing = connection.call((client) => client.get({ index, id: "(none)*" }))
    await expect(missing).rejects.toBeInstanceOf(OsResponseError)
    await connection.call((client) => client.indices.delete({ index }))
  })

  it.each<[wrong: string, credentials: AwsCredentials, options: object]>([
    ["another secret", { ...LENT, secretAccessKey: "wrong" }, {}],
    ["another token", { ...LENT, sessionToken: "wrong" }, {}],
    ["no token", { ...LENT, sessionToken: undefined }, {}],
    ["another key", { ...LENT, accessKeyId: "AKIDWRONG" }, {}],
    ["another service", LENT, { service: "aoss" }],
    ["another region", LENT, { aws: { region: "eu-west-2", service: "es" } }],
    ["no signature", LENT, { aws: null }],
    ["a password", LENT, { aws: null, http_auth: "user:password" }],
  ])("refuses what comes with %s", async (_, credentials, options) => {
    trust(LENT)
    const refused = status(signing(() => credentials, options))
    await expect(refused).rejects.toThrow(
      new OsUnavailableError("OpenSearch refuses our credentials"),
    )
    await expect(refused).rejects.toMatchObject({ cause: { status: 403, reason: /\w/ } })
  })

  it("is asked with the credentials of the moment", async () => {
    let credentials: AwsCredentials = LENT
    const connection = signing(() => credentials)
    trust(LENT)
    expect(await status(connection)).toBe(200)
    trust(OWN)
    await expect(status(connection)).rejects.toBeInstanceOf(OsUnavailableError)
    credentials = OWN
    expect(await status(connection)).toBe(200)
    credentials = LENT
    trust(LENT)
    expect(await Promise.all([status(connection), status(connection)])).toEqual([200, 200])
  })

  it("is not asked where there are no credentials", async () => {
    const none = new Error("AWS_ACCESS_KEY_ID is not set")
    const connection = signing(() => {
      throw none
    })
    await expect(status(connection)).rejects.toBe(none)
  })
})
