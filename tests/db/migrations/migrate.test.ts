import { expect, it } from "vitest"
import { DATABASES } from "@spinor/db/sql/declared"
import { refuseNewer } from "@spinor/db/sql/migrations/status"
import { describeEachBackend } from "../../support/backends.ts"
import { emptyDatabase, migrateAll } from "./empty-database.ts"

describeEachBackend("migration", (backend) => {
  it("changes nothing the second time", async () => {
    const { engine, connect } = await emptyDatabase(backend)
    const applied = await migrateAll(engine)
    expect(applied.map(({ outcome }) => outcome)).toEqual(applied.map(() => "applied"))
    expect(new Set(applied.map(({ database }) => database))).toEqual(new Set(DATABASES))
    expect(await migrateAll(await connect().engineOf("JobDB"))).toEqual([])
  })

  it("is done once when several processes start together", async () => {
    const { connect } = await emptyDatabase(backend)
    const engines = await Promise.all([1, 2, 3].map(() => connect().engineOf("JobDB")))
    const results = await Promise.all(engines.map((engine) => migrateAll(engine)))
    const all = results.flat().map(({ database, name }) => `${database}/${name}`)
    expect(all.length).toBeGreaterThan(DATABASES.length)
    expect(new Set(all).size).toBe(all.length)
  })

  it("goes on from a record that knows no outcomes yet", async () => {
    const { engine, run } = await emptyDatabase(backend)
    await migrateAll(engine, ["JobLoggingDB"])
    await run(
      "alter table spinor_migrations drop column Outcome",
      "alter table spinor_migrations drop column Steps",
    )
    const results = await migrateAll(engine, ["JobLoggingDB", "AuthDB"])
    expect(new Set(results.map(({ database }) => database))).toEqual(new Set(["AuthDB"]))
    expect(await migrateAll(engine, ["JobLoggingDB", "AuthDB"])).toEqual([])
  })

  it("refuses a database that a newer Spinor has changed, before it changes another", async () => {
    const { engine, run } = await emptyDatabase(backend)
    await migrateAll(engine, ["JobDB"])
    await run(
      "insert into spinor_migrations (DatabaseName, Name, AppliedAt) values ('JobDB', '0099_later', '2027')",
    )
    const newer = /^a newer Spinor has changed the tables \(JobDB 0099_later\)/
    await expect(migrateAll(engine, ["AuthDB", "JobDB"])).rejects.toThrow(newer)
    await expect(refuseNewer(engine, ["AuthDB", "JobDB"])).rejects.toThrow(newer)
    const applied = await migrateAll(engine, ["AuthDB"])
    expect(applied[0]).toMatchObject({ database: "AuthDB", outcome: "applied" })
    await refuseNewer(engine, ["AuthDB"])
  })
})
