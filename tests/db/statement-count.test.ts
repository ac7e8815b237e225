import { beforeAll, describe, expect, it } from "vitest"
import { instant } from "@spinor/core/instant"
import { withoutSe } from "@spinor/core/sandboxes/pfn"
import { describeEachBackend } from "../support/backends.ts"
import { useDatabase } from "../support/database.ts"
import { admin, alice, serviceOn, type Caller } from "../support/service.ts"
import { storeJobs, storePilot } from "../support/stored-jobs.ts"
import { announced, registered, storedSandboxes } from "../support/stored-sandboxes.ts"

const SIZES = [1, 100, 1000]
const CALLERS: [who: string, as: Caller][] = [
  ["owner", alice],
  ["administrator", { ...admin, properties: ["NormalUser", ...(admin.properties ?? [])] }],
]

/** What a transaction and a session need beside the statements of the work, and what a process asks once. */
const FRAME = /^(begin|start transaction|commit|rollback|set |pragma |select @@)/i

describeEachBackend("the number of statements", (backend) => {
  let statements: string[] = []
  const database = useDatabase(backend, {
    onStatement: (sql) => void (FRAME.test(sql) || statements.push(sql)),
  })
  const send = async (
    as: Caller,
    method: "POST" | "PATCH",
    path: string,
    body: unknown,
    status = 200,
  ) => {
    statements = []
    const answer = await serviceOn(database.sql).call(method, path, { as, body })
    expect(answer.status, JSON.stringify(answer.body).slice(0, 500)).toBe(status)
    return statements.length
  }
  const call = (
    as: Caller,
    method: "POST" | "PATCH",
    path: string,
    body: unknown,
    status?: number,
  ) => send(as, method, `/api/jobs/${path}`, body, status)
  const counts = async (count: (n: number) => Promise<number>): Promise<number[]> => {
    const counted = []
    for (const n of SIZES) counted.push(await count(n))
    return counted
  }

  const newJobs = (n: number, columns = {}) =>
    storeJobs(
      database.sql,
      Array.from({ length: n }, () => columns),
    )
  /** All jobs alike, or each with an update of its own. */
  const updates = (ids: readonly number[], update: (i: number) => object) =>
    Object.fromEntries(
      ids.map((id, i) => [id, { "2026-01-01T00:00:00Z": { Source: "JobWrapper", ...update(i) } }]),
    )

  describe.each(CALLERS)("as %s", (_, as) => {
    it("of a submission does not grow with the jobs", async () => {
      const jdl = (i: number) => `JobName = "n${i}"; InputData = {"/testvo/a", "/testvo/b"}`
      const submit = (n: number) =>
        call(
          as,
          "POST",
          "jdl",
          Array.from({ length: n }, (_, i) => jdl(i)),
          201,
        )
      expect(await counts(submit)).toEqual([5, 5, 5])
    })

    it.each([
      ["alike", () => ({ Status: "Checking", MinorStatus: "m" })],
      [
        "different",
        (i: number) => ({ Status: i % 2 ? "Checking" : "Failed", MinorStatus: `${i}` }),
      ],
    ])("of status updates that are %s does not grow with the jobs", async (_, update) => {
      const counted = await counts(async (n) =>
        call(as, "PATCH", "status", updates(await newJobs(n), update)),
      )
      expect(counted).toEqual(Array(3).fill(4))
    })

    it.each(["Killed", "Deleted"])(
      "of jobs that are %s does not grow with them",
      async (Status) => {
        const counted = await counts(async (n) =>
          call(
            as,
            "PATCH",
            "status",
            updates(await newJobs(n), () => ({ Status })),
          ),
        )
        expect(counted).toEqual(Array(3).fill(7))
      },
    )

    /** A figure and an output of each job; the output is a document. */
    const beat = (ids: readonly number[], output = true) =>
      call(
        as,
        "PATCH",
        "heartbeat",
        Object.fromEntries(
          ids.map((id) => [
            id,
            { CPUConsumed: 1, Vsize: 2, ...(output && { StandardOutput: "x" }) },
          ]),
        ),
      )
    const documents = () =>
      statements.filter((each) => each.includes("spinor_JobParameters")).length

    it("of heartbeats does not grow with the jobs, and writes their documents at once", async () => {
      const silent = await counts(async (n) => beat(await newJobs(n), false))
      expect(silent).toEqual(Array(3).fill(4))
      const telling = await counts(async (n) => {
        const all = await beat(await newJobs(n))
        expect(documents()).toBe(1)
        return all - documents()
      })
      expect(telling).toEqual(silent)
    })

    it("of heartbeats that revive jobs or fetch commands does not grow with them", async () => {
      const revived = async (n: number) => beat(await newJobs(n, { status: "Stalled" }), false)
      expect(await counts(revived)).toEqual(Array(3).fill(6))
      const commanded = async (n: number) => {
        const ids = await newJobs(n, { status: "Stalled" })
        await call(
          as,
          "PATCH",
          "status",
          updates(ids, () => ({ Status: "Killed" })),
        )
        return beat(ids, false)
      }
      expect(await counts(commanded)).toEqual(Array(3).fill(5))
    })

    it("of rescheduling does not grow with the jobs", async () => {
      const reschedule = async (n: number) => {
        const jdls = Array.from({ length: n }, () => "[]")
        const submitted = await serviceOn(database.sql).call("POST", "/api/jobs/jdl", {
          as: alice,
          body: jdls,
        })
        const job_ids = submitted.body.map((job: { JobID: number }) => job.JobID)
        return call(as, "POST", "reschedule", { job_ids })
      }
      const counted = await counts(reschedule)
      expect(new Set(counted).size).toBe(1)
      expect(counted[0]).toBeLessThanOrEqual(8)
    })

    it("of metadata does not grow with the jobs", async () => {
      const patch = async (n: number) => {
        const ids = await newJobs(n)
        const body = Object.fromEntries(ids.map((id, i) => [id, { Site: `S${i}`, Own: i }]))
        return call(as, "PATCH", "metadata", body, 204)
      }
      expect(await counts(patch)).toEqual(Array(3).fill(isOwner(as) ? 4 : 3))
    })

    describe("of a search", () => {
      const jobGroup = isOwner(as) ? "counted" : "counted too"
      const search = [{ parameter: "JobGroup", operator: "eq", value: jobGroup }]
      let ids: number[] = []
      beforeAll(async () => {
        ids = await newJobs(1000, { jobGroup })
        await storePilot(database.sql, jobGroup, ids, instant("2026-01-01T00:00:00Z"))
      })

      const searching = (query: string, body: object, status?: number) =>
        call(as, "POST", `search?${query}`, body, status)

      it("is one when the page tells the total", async () => {
        expect(await searching("per_page=1001", { search })).toBe(1)
        expect(await searching("per_page=400&page=3", { search }, 206)).toBe(1)
        expect(await searching("", { search: [...search, NOTHING] })).toBe(1)
      })

      it("is one more for a total that the page does not tell", async () => {
        expect(await searching("per_page=1", { search }, 206)).toBe(2)
        expect(await searching("per_page=1000", { search })).toBe(2)
        expect(await searching("per_page=1000&page=2", { search }, 416)).toBe(2)
      })

      it("is one more for the log, of however many jobs", async () => {
        const body = { search, parameters: ["JobID", "LoggingInfo"] }
        expect(await searching("per_page=1001", body)).toBe(2)
        const one = { parameter: "JobID", operator: "eq", value: ids[0] }
        expect(await searching("", { ...body, search: [one] })).toBe(2)
      })

      it("is one more for the stamp of a pilot", async () => {
        const stamp = { parameter: "PilotStamp", operator: "eq", value: jobGroup }
        expect(await searching("per_page=1001", { search: [stamp] })).toBe(2)
      })

      it("is one for a summary", async () => {
        expect(await call(as, "POST", "summary", { grouping: ["Status"], search })).toBe(1)
      })
    })
  })

  it("of taking sandboxes from jobs does not grow with them", async () => {
    const counted = await counts(async (n) => {
      const jobs = await newJobs(n)
      const pfn = withoutSe(await registered(serviceOn(database.sql)))
      await storedSandboxes(database.sql).giveAsInput(pfn, jobs[0] ?? 0)
      return await call(admin, "POST", "sandbox/unassign", { job_ids: jobs }, 204)
    })
    expect(counted).toEqual([4, 4, 4])
  })

  it("of registering a sandbox is three, also when it is known", async () => {
    const initiate = (body: object) => call(alice, "POST", "sandbox", body)
    await initiate(announced())
    const body = announced()
    expect(await initiate(body)).toBe(3)
    expect(await initiate(body)).toBe(3)
  })

  it("of metadata of pilots does not grow with them", async () => {
    const counted = await counts(async (n) => {
      const stamps = Array.from({ length: Math.min(n, 100) }, (_, i) => `counted-${n}-${i}`)
      for (const stamp of stamps) {
        await storePilot(database.sql, stamp, [1], instant("2026-01-01T00:00:00Z"))
      }
      const body = Object.fromEntries(
        stamps.map((stamp, i) => [stamp, i % 2 ? { Status: "Done" } : { Queue: `q${i}` }]),
      )
      return await send(admin, "PATCH", "/api/pilots/metadata", body, 204)
    })
    expect(counted).toEqual([3, 3, 3])
  })

  it("stays the same beyond what a statement may have of parameters", async () => {
    const counted = await call(
      admin,
      "PATCH",
      "status",
      updates(await newJobs(1000), (i) => ({ Status: "Killed", MinorStatus: `${i}` })),
    )
    const ids = (await Promise.all(Array.from({ length: 10 }, () => newJobs(1000)))).flat()
    const many = updates(ids, (i) => ({ Status: "Killed", MinorStatus: `${i}` }))
    expect(await call(admin, "PATCH", "status", many)).toBe(counted)
  })
})

const isOwner = (as: Caller): boolean => as.group === undefined

const NOTHING = { parameter: "JobID", operator: "lt", value: 0 }
