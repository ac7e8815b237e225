import { gunzipSync } from "node:zlib"
import { expect, it } from "vitest"
import { createApp } from "@spinor/routers/app"
import { useDatabase } from "../../support/database.ts"
import { serviceOn } from "../../support/service.ts"

const database = useDatabase("sqlite")

const get = (path: string, acceptEncoding?: string, method = "GET") =>
  createApp(serviceOn(database.sql).deps).request(path, {
    method,
    ...(acceptEncoding !== undefined && { headers: { "accept-encoding": acceptEncoding } }),
  })

it.each(["gzip", "gzip, deflate, br", "br;q=1.0, gzip;q=0.8", "*", "GZIP"])(
  "compresses a long answer for who accepts %j",
  async (accepted) => {
    const answer = await get("/api/openapi.json", accepted)
    expect(answer.headers.get("content-encoding")).toBe("gzip")
    expect(answer.headers.get("vary")).toContain("Accept-Encoding")
    const document = JSON.parse(gunzipSync(await answer.arrayBuffer()).toString())
    expect(document).toHaveProperty("openapi", "3.0.2")
  },
)

it.each([undefined, "", "br", "identity", "gzip;q=0", "gzip;q=0, *"])(
  "leaves a long answer as it is for who accepts %j",
  async (accepted) => {
    const answer = await get("/api/openapi.json", accepted)
    expect(answer.headers.get("content-encoding")).toBeNull()
    expect(answer.headers.get("vary")).toContain("Accept-Encoding")
    expect(await answer.json()).toHaveProperty("openapi", "3.0.2")
  },
)

it("leaves a short answer as it is", async () => {
  const answer = await get("/api/health/live", "gzip")
  expect(answer.headers.get("content-encoding")).toBeNull()
  expect(await answer.json()).toEqual({ status: "live" })
})

it("answers HEAD without a body", async () => {
  expect(await (await get("/api/openapi.json", "gzip", "HEAD")).text()).toBe("")
})

it.each(["/api/docs", "/api/auth/device/complete/finished"])(
  "lets the page %s load nothing from elsewhere",
  async (path) => {
    const answer = await get(path)
    expect(answer.headers.get("content-security-policy")).toContain("default-src 'none'")
    expect(answer.headers.get("content-security-policy")).toContain("frame-ancestors 'none'")
    expect(await answer.text()).not.toMatch(/<script>|https?:\/\//)
  },
)
