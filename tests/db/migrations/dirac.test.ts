import { sql } from "drizzle-orm"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { systemClock } from "@spinor/core/instant"
import { connectSql, type SqlConnections } from "@spinor/db/sql/connections"
import { DATABASES } from "@spinor/db/sql/declared"
import { migrate, type MigrationResult } from "@spinor/db/sql/migrations/migrate"
import { parseDatabaseUrl } from "@spinor/db/sql/url"
import { runsHere } from "../../support/backends.ts"
import { admin, alice, pilot, serviceOn, type Caller, type Service } from "../../support/service.ts"
import { registered } from "../../support/stored-sandboxes.ts"
import { diracDatabases } from "../../support/dirac-databases.ts"

describe.skipIf(!runsHere("mysql"))("the databases of DIRAC v9", () => {
  let drop: () => Promise<void>
  let connections: SqlConnections
  let results: MigrationResult[]
  let service: Service
  beforeAll(async () => {
    const databases = await diracDatabases()
    drop = databases.drop
    const urlOf = (name: string) => parseDatabaseUrl(databases.urls.get(name) ?? "", name)
    connections = connectSql(urlOf)
    service = serviceOn(connections.sql)
    results = []
    for (const name of DATABASES) {
      results.push(...(await migrate(await connections.engineOf(name), [name], systemClock)))
    }
  })
  afterAll(async () => {
    await connections.close()
    await drop()
  })

  const submit = async (jdl: string, as: Caller = alice): Promise<number> => {
    const { status, body } = await service.call("POST", "/api/jobs/jdl", { as, body: [jdl] })
    expect(status).toBe(201)
    return body[0].JobID
  }
  const found = async (parameter: string, value: unknown, as: Caller = alice) => {
    const search = [{ parameter, operator: "eq", value }]
    const { status, body } = await service.call("POST", "/api/jobs/search", {
      as,
      body: { search },
    })
    expect(status).toBe(200)
    return body
  }
  const setStatus = (jobId: number, change: object) =>
    service.call("PATCH", "/api/jobs/status?force=true", {
      as: admin,
      body: { [jobId]: { [new Date().toISOString()]: { Source: "test", ...change } } },
    })
  const logOf = async (jobId: number) => {
    const parameters = ["JobID", "LoggingInfo"]
    const search = [{ parameter: "JobID", operator: "eq", value: jobId }]
    const { body } = await service.call("POST", "/api/jobs/search", {
      as: alice,
      body: { search, parameters },
    })
    return body[0].LoggingInfo
  }

  it("are adopted, all but the one that DIRAC does not have", () => {
    const outcomes = results.filter(({ name }) => name === "0000_tables")
    expect(Object.fromEntries(outcomes.map((each) => [each.database, each.outcome]))).toEqual({
      AuthDB: "applied",
      ...Object.fromEntries(
        DATABASES.filter((name) => name !== "AuthDB").map((name) => [name, "adopted"]),
      ),
    })
    expect(outcomes.flatMap(({ differences }) => differences)).toEqual(
      expect.arrayContaining([
        "Jobs.JobID is int(10) unsigned, not int",
        "Jobs.ApplicationStatus may be NULL",
        "Jobs has the character set latin1",
        "LoggingInfo.StatusTime has no default instead of the default (utc_timestamp())",
        "LoggingInfo.StatusTimeOrder is double(12,3), not decimal(12,3)",
        "JobToPilotMapping has no primary key, not the primary key PilotID, JobID",
        "PilotAgents lacks an index on DestinationSite, Queue, Status",
        "sb_Owners lacks a unique index on Owner, OwnerGroup, VO",
        "tq_TaskQueues.Priority is float, not double",
      ]),
    )
  })

  it("keep what DIRAC has made as it was, but for what is named as Spinor's", async () => {
    const engine = await connections.engineOf("JobDB")
    const [row] = await engine.read((db) => db.run(sql`show create table Jobs`))
    const made = String(row?.["Create Table"])
    expect(made).toContain("`JobID` int(10) unsigned NOT NULL DEFAULT 0")
    expect(made).toContain("CHARSET=latin1")
    expect(made).toContain("KEY `spinor_VO_Status` (`VO`,`Status`)")
  })

  it("take jobs, their states, heartbeats and parameters", async () => {
    const jobId = await submit(
      'Executable = "run.sh"; JobName = "adopted"; InputData = {"/testvo/a"};',
    )
    expect(await found("JobID", jobId)).toMatchObject([
      { JobID: jobId, JobName: "adopted", Status: "Received", ApplicationStatus: "Unknown" },
    ])
    for (const Status of ["Checking", "Waiting", "Matched", "Running"]) {
      expect((await setStatus(jobId, { Status, MinorStatus: Status })).body.failed).toEqual({})
    }
    const beat = { [jobId]: { LoadAverage: 1.5, CPUConsumed: 3 } }
    const beaten = await service.call("PATCH", "/api/jobs/heartbeat", { as: pilot, body: beat })
    expect(beaten.status).toBe(200)
    const patched = await service.call("PATCH", "/api/jobs/metadata", {
      as: admin,
      body: { [jobId]: { Site: "LCG.Test.org" } },
    })
    expect(patched.status).toBe(204)
    expect(await found("JobID", jobId)).toMatchObject([{ Status: "Running", Site: "LCG.Test.org" }])
    // DIRAC's trigger numbers the records.
    const log = await logOf(jobId)
    expect(log.map(({ Status }: { Status: string }) => Status)).toEqual([
      "Received",
      "Checking",
      "Waiting",
      "Matched",
      "Running",
    ])
  })

  it("take many jobs at once, and give them up again", async () => {
    const jdls = Array.from(
      { length: 50 },
      (_, i) => `Executable = "run.sh"; JobName = "many-${i}";`,
    )
    const { body } = await service.call("POST", "/api/jobs/jdl", { as: alice, body: jdls })
    const ids: number[] = body.map(({ JobID }: { JobID: number }) => JobID)
    const killed = await service.call("PATCH", "/api/jobs/status", {
      as: alice,
      body: Object.fromEntries(
        ids.map((id) => [id, { [new Date().toISOString()]: { Status: "Killed" } }]),
      ),
    })
    expect(Object.keys(killed.body.success)).toHaveLength(50)
    const again = await service.call("POST", "/api/jobs/reschedule", {
      as: alice,
      body: { job_ids: ids },
    })
    expect(Object.keys(again.body.success)).toHaveLength(50)
    expect(await found("JobName", "many-7")).toMatchObject([
      { Status: "Received", RescheduleCounter: 1 },
    ])
  })

  it("hold NULL as an application status, which is read as it is", async () => {
    const jobId = await submit('Executable = "run.sh";')
    const engine = await connections.engineOf("JobDB")
    await engine.read((db) =>
      db.run(sql`update Jobs set ApplicationStatus = null where JobID = ${jobId}`),
    )
    expect(await found("JobID", jobId)).toMatchObject([{ ApplicationStatus: null }])
    expect((await setStatus(jobId, { Status: "Checking" })).body.failed).toEqual({})
    const body = { job_ids: [jobId] }
    const again = await service.call("POST", "/api/jobs/reschedule", { as: alice, body })
    expect(again.status).toBe(200)
  })

  it("hold latin1: a user whose name has an accent finds his jobs, and he alone", async () => {
    const zoe: Caller = { name: "zoé" }
    const jobId = await submit('Executable = "run.sh"; JobName = "été";', zoe)
    expect(await found("JobName", "été", zoe)).toMatchObject([{ JobID: jobId, Owner: "zoé" }])
    const path = "/api/jobs/status"
    const body = { [jobId]: { [new Date().toISOString()]: { Status: "Killed" } } }
    expect((await service.call("PATCH", path, { as: { name: "zoe" }, body })).status).toBe(403)
    expect((await service.call("PATCH", path, { as: zoe, body })).status).toBe(200)
  })

  it("refuse a name that latin1 cannot hold, and keep nothing of the job", async () => {
    const body = ['Executable = "run.sh"; JobName = "🦊";']
    expect((await service.call("POST", "/api/jobs/jdl", { as: alice, body })).status).toBe(400)
    expect(await found("JobName", "?")).toEqual([])
  })

  it("take pilots", async () => {
    const body = { vo: "testvo", pilot_stamp: "stamp-of-dirac" }
    const register = () => service.call("POST", "/api/pilots/", { as: admin, body })
    expect((await register()).status).toBe(201)
    expect((await register()).status).toBe(409)
    const search = [{ parameter: "PilotStamp", operator: "eq", value: "stamp-of-dirac" }]
    const answer = await service.call("POST", "/api/pilots/search", { as: admin, body: { search } })
    expect(answer.body).toMatchObject([{ PilotStamp: "stamp-of-dirac", AccountingSent: false }])
  })

  it("take sandboxes of an owner who is noted twice", async () => {
    const engine = await connections.engineOf("SandboxMetadataDB")
    const twice = sql`insert into sb_Owners (Owner, OwnerGroup, VO) values ('bob', 'user', 'testvo'), ('bob', 'user', 'testvo')`
    await engine.read((db) => db.run(twice))
    const bob: Caller = { name: "bob" }
    const pfn = await registered(service, bob)
    await engine.read((db) => db.run(sql`update sb_SandBoxes set OwnerId = OwnerId + 1`))
    const query = new URLSearchParams({ pfn }).toString()
    const answer = await service.call("GET", `/api/jobs/sandbox?${query}`, { as: bob })
    expect(answer.status).toBe(200)
    const other = await service.call("GET", `/api/jobs/sandbox?${query}`, { as: alice })
    expect(other.status).toBe(403)
  })
})
