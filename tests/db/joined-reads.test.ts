import { expect, it, onTestFinished, vi } from "vitest"
import { JobDB } from "@spinor/db/sql/job/job-db"
import { joinedReads } from "@spinor/db/sql/units/joined-reads"
import { describeEachDialect } from "../support/backends.ts"
import { useDatabase } from "../support/database.ts"
import { alice, carol, serviceOn, type Caller } from "../support/service.ts"
import { storeJobs } from "../support/stored-jobs.ts"

const JDL = 'Executable = "run.sh";'

describeEachDialect("readers who ask the same", (backend) => {
  let statements = 0
  const database = useDatabase(backend, {
    onStatement: (text) => /count\(/i.test(text) && statements++,
  })
  const post = (as: Caller, path: string, body: unknown) =>
    serviceOn(database.sql).call("POST", `/api/jobs/${path}`, { as, body })
  const summary = (as: Caller, parameter = "JobType") =>
    post(as, "summary", { grouping: [parameter], search: [] })
  const times = <Result>(count: number, work: (i: number) => Promise<Result>) =>
    Promise.all(Array.from({ length: count }, (_, i) => work(i)))

  it("share a statement that is not sent yet", async () => {
    await storeJobs(database.sql, [{}, {}])
    statements = 0
    const answers = await times(20, () => summary(alice))
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200))
    expect(statements).toBe(2)
  })

  it("do not, if they see other jobs", async () => {
    await storeJobs(database.sql, [{ vo: "othervo", owner: "carol", jobType: "Theirs" }])
    const answers = await times(40, (i) => summary(i % 2 === 0 ? alice : carol))
    for (const [i, { body }] of answers.entries()) {
      const types = body.map(({ JobType }: { JobType: string }) => JobType)
      expect(types.includes("Theirs")).toBe(i % 2 === 1)
    }
  })

  it("see what they wrote before", async () => {
    const client = async (i: number) => {
      for (let round = 1; round <= 25; round++) {
        const group = `g${i}`
        const submitted = await post(alice, "jdl", [`${JDL} JobGroup = "${group}";`])
        expect(submitted.status).toBeLessThan(300)
        const { body } = await summary(alice, "JobGroup")
        const mine = body.find(({ JobGroup }: { JobGroup: string }) => JobGroup === group)
        expect(mine?.count).toBe(round)
      }
    }
    await times(8, client)
  }, 60_000)

  it("are not disturbed by one who leaves", async () => {
    const leaving = new AbortController()
    const impatient = serviceOn(database.sql.until(leaving.signal))
    const body = { grouping: ["JobType"], search: [] }
    const first = impatient.call("POST", "/api/jobs/summary", { as: alice, body })
    const second = impatient.call("POST", "/api/jobs/summary", { as: alice, body })
    const others = times(5, () => summary(alice))
    leaving.abort()
    await Promise.all([first, second])
    expect((await others).map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
  })

  /** Reads of one thing, which give their numbers; each hangs until it is told to end. */
  const hangingReads = () => {
    // A driver, which connects in a timer, sees time go on by itself.
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"], shouldAdvanceTime: true })
    onTestFinished(() => void vi.useRealTimers())
    const databases = joinedReads(database.sql)
    const reads = new Map(
      [1, 2, 3].map((number) => [
        number,
        { begun: Promise.withResolvers<void>(), end: Promise.withResolvers<void>() },
      ]),
    )
    let number = 0
    const work = async ({ jobs }: { jobs: JobDB }) => {
      const own = ++number
      reads.get(own)?.begun.resolve()
      await reads.get(own)?.end.promise
      expect(await jobs.originalJdls([0])).toEqual(new Map())
      return own
    }
    return {
      ask: () => databases.read({ jobs: JobDB }, work, ["the same"]),
      begun: (which: number) => reads.get(which)?.begun.promise,
      end: (which: number) => reads.get(which)?.end.resolve(),
    }
  }

  it("wait no longer than 10 s for a read that hangs", async () => {
    const { ask, begun, end } = hangingReads()
    const first = ask()
    await begun(1)
    const waiting = ask()
    end(2)
    end(3)
    await vi.advanceTimersByTimeAsync(5_000)
    const waitingToo = ask()
    await vi.advanceTimersByTimeAsync(5_000)
    expect(await Promise.all([waiting, waitingToo])).toEqual([2, 2])
    end(1)
    expect(await first).toBe(1)
  })

  it("begin no third read when the one that hung ends", async () => {
    const { ask, begun, end } = hangingReads()
    const first = ask()
    await begun(1)
    const second = ask()
    await vi.advanceTimersByTimeAsync(10_000)
    await begun(2)
    const third = ask()
    end(1)
    await first
    const thirdToo = ask()
    end(2)
    end(3)
    expect(await Promise.all([second, third, thirdToo])).toEqual([2, 3, 3])
  })
})
