import { expect, it } from "vitest"
import { describeEachBackend } from "../../support/backends.ts"
import { useDatabase } from "../../support/database.ts"
import { alice, serviceOn } from "../../support/service.ts"
import { storeJobs } from "../../support/stored-jobs.ts"

describeEachBackend("jobs of users whose names a collation takes for one", (backend) => {
  const database = useDatabase(backend)

  it.each([
    ["in upper case", { owner: "Alice" }],
    ["with a blank at the end", { owner: "alice " }],
    ["with an accent", { owner: "álice" }],
    ["in a VO in upper case", { vo: "TESTVO" }],
  ])("cannot be managed together with one's own: %s", async (_, other) => {
    const ids = await storeJobs(database.sql, [{}, other])
    const { call } = serviceOn(database.sql)
    const updates = Object.fromEntries(
      ids.map((id) => [id, { "2026-01-01T00:00:00Z": { Status: "Killed" } }]),
    )
    const answers = await Promise.all([
      call("PATCH", "/api/jobs/status", { as: alice, body: updates }),
      call("POST", "/api/jobs/reschedule", { as: alice, body: { job_ids: ids } }),
      call("PATCH", "/api/jobs/heartbeat", {
        as: alice,
        body: Object.fromEntries(ids.map((id) => [id, {}])),
      }),
      call("PATCH", "/api/jobs/metadata", {
        as: alice,
        body: Object.fromEntries(ids.map((id) => [id, { Site: "X" }])),
      }),
    ])
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403])
  })
})
