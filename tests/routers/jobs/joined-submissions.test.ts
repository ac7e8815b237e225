import { expect, it, onTestFinished } from "vitest"
import { JobLoggingDB } from "@spinor/db/sql/job-logging/job-logging-db"
import { describeEachBackend, dialectOf } from "../../support/backends.ts"
import { alice, serviceOn } from "../../support/service.ts"
import { ascending, isEven, statuses, useWriters, WRITERS } from "../../support/writers.ts"

describeEachBackend("clients who submit at the same time", (backend) => {
  const { database, insertsOf, connectApart, recordsApart } = useWriters(backend)
  const isMysql = dialectOf(backend) === "mysql"
  const submitTo = (sql: typeof database.sql) => {
    const { call } = serviceOn(sql)
    return (body: readonly string[]) => call("POST", "/api/jobs/jdl", { as: alice, body })
  }
  const idsOf = (answer: { readonly body: readonly { readonly JobID: number }[] }) =>
    answer.body.map(({ JobID }) => JobID)
  const namesOf = async (jobIds: readonly number[]): Promise<string[]> => {
    const body = {
      search: [{ parameter: "JobID", operator: "in", values: jobIds }],
      parameters: ["JobID", "JobName"],
      sort: [{ parameter: "JobID", direction: "asc" }],
    }
    const found = await serviceOn(database.sql).call("POST", "/api/jobs/search", {
      as: alice,
      body,
    })
    return found.body.map(({ JobName }: { JobName: string }) => JobName)
  }
  const jobs = (body: (i: number) => string[]) => Array.from({ length: WRITERS }, (_, i) => body(i))

  it("share units of work", async () => {
    const named = jobs((i) => [`JobName = "job ${i}"`])
    expect(await insertsOf(named, submitTo(database.sql), 201)).toBeLessThan(WRITERS / 2)
  })

  it("share units of work, twenty jobs each", async () => {
    const many = jobs(() => Array.from({ length: 20 }, () => `JobName = "one of many"`))
    expect(await insertsOf(many, submitTo(database.sql), 201)).toBeLessThan(WRITERS / 2)
  })

  it.each([
    ["long descriptions", [`Arguments = "${"a".repeat(20_000)}"`]],
    ["more than twenty jobs", Array.from({ length: 21 }, () => `JobName = "one of many"`)],
  ])("share none when they send %s", async (_, body) => {
    expect(
      await insertsOf(
        jobs(() => body),
        submitTo(database.sql),
        201,
      ),
    ).toBe(WRITERS)
  })

  // MySQL refuses them.
  it.skipIf(isMysql)("share none when they send input data that differ in case", async () => {
    const twins = jobs(() => ['InputData = {"/vo/File", "/vo/file"}'])
    expect(await insertsOf(twins, submitTo(database.sql), 201)).toBe(WRITERS)
  })

  it("are given the ids of their own jobs, in the order in which they named them", async () => {
    const submit = submitTo(database.sql)
    const calls = jobs((i) =>
      Array.from({ length: (i % 3) + 1 }, (__, job) => `job ${job} of ${i}`),
    )
    const answers = await Promise.all(
      calls.map((names) => submit(names.map((name) => `JobName = "${name}"`))),
    )
    for (const [i, answer] of answers.entries()) {
      expect(idsOf(answer)).toEqual(idsOf(answer).toSorted(ascending))
      expect(await namesOf(idsOf(answer))).toEqual(calls[i])
    }
    const ids = answers.flatMap(idsOf)
    const records = await database.sql.read({ logging: JobLoggingDB }, ({ logging }) =>
      logging.records(ids),
    )
    expect(records.map(({ jobId }) => jobId).toSorted(ascending)).toEqual(ids.toSorted(ascending))
  })

  it("hear by themselves that the database refuses their input data", async () => {
    const submit = submitTo(database.sql)
    // One name to MySQL, which compares without accents.
    const refused = ['JobGroup = "refused"; InputData = {"/vo/é", "/vo/e"}']
    const bodies = jobs((i) => (isEven(i, i) ? ['JobGroup = "refused"'] : refused))
    const answers = await Promise.all(bodies.map((body) => submit(body)))
    const expected = bodies.map((body) => (isMysql && body === refused ? 400 : 201))
    expect(statuses(answers)).toEqual(expected)
    const stored = await serviceOn(database.sql).call("POST", "/api/jobs/search", {
      as: alice,
      body: { search: [{ parameter: "JobGroup", operator: "eq", value: "refused" }] },
    })
    expect(stored.body).toHaveLength(expected.filter((status) => status === 201).length)
  })

  it("have their log on another server", async () => {
    const connections = connectApart()
    onTestFinished(() => connections.close())
    const submit = submitTo(connections.sql)
    const answers = await Promise.all(jobs((i) => [`JobName = "apart ${i}"`]).map(submit))
    const ids = answers.flatMap(idsOf).toSorted(ascending)
    const records = await recordsApart(ids)
    expect(ids).toHaveLength(WRITERS)
    expect(records.map(({ jobId }) => jobId).toSorted(ascending)).toEqual(ids)
  })
})
