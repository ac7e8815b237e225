import { gunzipSync } from "node:zlib"
import { beforeAll, describe, expect, it } from "vitest"
import { runsHere } from "../../support/backends.ts"
import { lambdaRunsHere } from "../../support/lambda/runtime-client.ts"
import { storeJobs } from "../../support/stored-jobs.ts"
import { jsonOf } from "../artifact/send.ts"
import { useContainers } from "./containers.ts"

const canRun = (await lambdaRunsHere()) && runsHere("mysql")
const JOBS = 10_000
const MOST = 6_291_556

describe.skipIf(!canRun)("an answer that is longer than Lambda takes", () => {
  const deployed = useContainers("mysql")
  beforeAll(async () => {
    const columns = { jobName: `"${"n".repeat(100)}"`, applicationStatus: "ü".repeat(255) }
    await storeJobs(
      deployed.sql,
      Array.from({ length: JOBS }, () => columns),
    )
  })
  const search = async (perPage: number, headers: Record<string, string> = {}) => {
    const call = await deployed.api()
    return await call("POST", `/api/jobs/search?per_page=${perPage}`, {}, headers)
  }

  it("is given to who takes it compressed: 10,000 whole jobs", async () => {
    const answer = await search(JOBS, { "accept-encoding": "gzip" })
    expect(answer).toMatchObject({ status: 200, headers: { "content-encoding": "gzip" } })
    const text = gunzipSync(answer.body)
    expect(text.length).toBeGreaterThan(MOST)
    expect(JSON.parse(text.toString())).toHaveLength(JOBS)
  })

  it("says to others how many bytes are too many, and how there would be fewer", async () => {
    const origin = "http://localhost:8000"
    const answer = await search(JOBS, { origin })
    expect(answer).toMatchObject({
      status: 400,
      headers: { "content-type": "application/json", "access-control-allow-origin": origin },
    })
    expect(answer.headers).not.toHaveProperty("content-range")
    expect(jsonOf(answer)).toEqual({
      detail: expect.stringMatching(
        /^The answer has \d{7,8} bytes, and 6291556 are allowed: ask for fewer rows with per_page, or accept gzip$/,
      ),
    })
  })

  it("is none for a smaller page", async () => {
    const answer = await search(2000)
    expect(answer.status).toBe(206)
    expect(jsonOf(answer)).toHaveLength(2000)
  })
})
