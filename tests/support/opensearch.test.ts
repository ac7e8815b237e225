import { describe, expect, it } from "vitest"
import {
  freshPrefix,
  openSearchRunsHere,
  openSearchUrl,
  startOwnOpenSearch,
  type OwnOpenSearch,
} from "./opensearch.ts"

describe.skipIf(!openSearchRunsHere())("OpenSearch of the tests", () => {
  it("forgets what a test made under its prefix, and only that", async () => {
    const [own, other] = [freshPrefix(), freshPrefix()]
    for (const { prefix } of [own, other]) {
      const template = { index_patterns: [`${prefix}*`] }
      await send(openSearchUrl(), "PUT", `_index_template/${prefix}template`, template)
      await send(openSearchUrl(), "PUT", `${prefix}index`, {})
    }
    const left = async ({ prefix }: { prefix: string }) => [
      (await send(openSearchUrl(), "GET", `${prefix}index`)).status,
      (await send(openSearchUrl(), "GET", `_index_template/${prefix}template`)).status,
    ]
    await own.drop()
    expect(await left(own)).toEqual([404, 404])
    expect(await left(other)).toEqual([200, 200])
    await other.drop()
  })

  it("keeps in a node of a test's own what it acknowledged before a crash", async () => {
    const node = await startOwnOpenSearch()
    try {
      await send(node.url, "PUT", "index/_doc/1", { answer: 42 })
      await node.kill()
      await expect(stored(node)).rejects.toThrow("fetch failed")
      await node.restart()
      expect(await stored(node)).toMatchObject({ _source: { answer: 42 } })
    } finally {
      await node.stop()
    }
    await expect(stored(node)).rejects.toThrow("fetch failed")
  }, 60_000)
})

async function stored({ url }: OwnOpenSearch): Promise<unknown> {
  return await (await send(url, "GET", "index/_doc/1")).json()
}

function send(url: string, method: string, path: string, body?: object): Promise<Response> {
  const json = { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }
  return fetch(new URL(`/${path}`, url), { method, ...(body !== undefined && json) })
}
