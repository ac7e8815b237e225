import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { afterAll, beforeAll, expect, it } from "vitest"
import * as z from "zod"
import { initConfig } from "@spinor/core/config/commit"
import type { ConfigSource } from "@spinor/core/config/config-source"
import { configSource } from "@spinor/core/config/sources"
import { instant } from "@spinor/core/instant"
import { noDatabases } from "../../support/no-databases.ts"
import { serviceOn, testClock } from "../../support/service.ts"
import { serviceVectorsOf, unitVectorsOf } from "../../support/vectors.ts"

const Input = z.object({
  yaml_of: z.string(),
  commit_time: z.string(),
  token: z.boolean(),
  headers: z.record(z.string(), z.string()),
})

const Output = z.object({
  status: z.number(),
  body: z.unknown(),
  headers: z.record(z.string(), z.string()).default({}),
})

const vectors = serviceVectorsOf("config.json", "http")
const SAME_AS_PLAIN = "<same as plain>"

/** Where the git repositories of the vectors lie. */
let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "spinor-config-"))
})
afterAll(() => rm(root, { recursive: true }))

it.each(vectors)("serves the configuration as DiracX does: $name", async ({ input, output }) => {
  const request = Input.parse(input)
  const { config, etag } = await committed(request)
  const service = serviceOn(noDatabases, { config })
  const expected = Output.parse(output)
  const path = "location" in expected.headers ? "/api/config" : "/api/config/"
  const get = (headers: Record<string, string>) =>
    service.call("GET", `http://testserver${path}`, { headers })
  const authorization = `Bearer ${service.tokenFor()}`
  const answer = await get({
    ...(request.token && { authorization }),
    ...Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [
        name.toLowerCase(),
        value.replace("<etag>", etag),
      ]),
    ),
  })

  expect(answer.status).toBe(expected.status)
  for (const [name, value] of Object.entries(expected.headers)) {
    const given = answer.headers.get(name) ?? ""
    // Ours may differ by more than DiracX's.
    if (name === "vary") expect(given.split(", ")).toContain(value)
    else expect([name, given]).toEqual([name, value.replace("<etag>", etag)])
  }
  expect(answer.body).toEqual(
    expected.body === SAME_AS_PLAIN ? (await get({ authorization })).body : expected.body,
  )
})

/** A repository whose only commit is the one of the vector. */
async function committed({
  yaml_of: of,
  commit_time: time,
}: z.output<typeof Input>): Promise<{ config: ConfigSource; etag: string }> {
  const yaml = unitVectorsOf("config.json").find(({ name }) => name === of)?.input["yaml"]
  const folder = await mkdtemp(join(root, "config-"))
  const etag = await initConfig(folder, z.string().parse(yaml), {
    message: "the vector's",
    clock: () => instant(time),
  })
  const url = `git+${pathToFileURL(folder).href}`
  const onProblem = (error: unknown) => {
    throw error
  }
  return { config: configSource(url, { clock: testClock(), onProblem }), etag }
}
