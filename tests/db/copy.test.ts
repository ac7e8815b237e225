import { describe, expect, it } from "vitest"
import { DATABASES } from "@spinor/db/sql/declared"
import { layoutOf } from "@spinor/db/sql/layout"
import { resetDatabases } from "@spinor/db/sql/reset"
import { describeEachBackend, runsHere } from "../support/backends.ts"
import { contentsOf } from "../support/contents.ts"
import { generateRows, logMany, type Generating } from "../support/generated-rows.ts"
import { choices, testSeed } from "../support/random.ts"
import { alice, serviceOn } from "../support/service.ts"
import { storeJobs } from "../support/stored-jobs.ts"
import { copy, countOf, place, quoted, run, type Place } from "./copying.ts"

const fill = (to: Place, more: Partial<Generating> = {}) =>
  generateRows(
    to.engine,
    { databases: DATABASES, rows: 20, microseconds: false, ...more },
    choices(testSeed()),
  )

/** The rows of all tables that are copied. */
async function rowsOf({ database }: Place) {
  const contents = await contentsOf(database)
  return Object.fromEntries(layoutOf(DATABASES).map(({ name }) => [name, contents[name]]))
}

describe.skipIf(!runsHere("mysql") || !runsHere("postgresql"))("rows", () => {
  it("are the same after they went from mysql through every backend to mysql again", async () => {
    const mysql = await place("mysql")
    await fill(mysql)
    const stations = [mysql]
    for (const backend of ["postgresql", "sqlite", "planetscale", "libsql", "mysql"] as const) {
      const next = await place(backend)
      await copy(stations.at(-1) ?? next, next)
      stations.push(next)
    }
    const [first, last] = [stations[0] ?? mysql, stations.at(-1) ?? mysql]
    expect(last).not.toBe(first)
    expect(await rowsOf(last)).toEqual(await rowsOf(first))
  }, 120_000)

  it("keep all bits of a double between sqlite and mysql", async () => {
    const [sqlite, mysql, again] = [
      await place("sqlite"),
      await place("mysql"),
      await place("sqlite"),
    ]
    await fill(sqlite, { databases: ["TaskQueueDB"] })
    await copy(sqlite, mysql)
    await copy(mysql, again)
    expect(await rowsOf(again)).toEqual(await rowsOf(sqlite))
  })

  it("keep their microseconds between sqlite and postgresql", async () => {
    const [sqlite, postgresql, again] = [
      await place("sqlite"),
      await place("postgresql"),
      await place("sqlite"),
    ]
    await fill(sqlite, { microseconds: true })
    // There is nothing that could be cut.
    await copy(sqlite, postgresql, { cutFractions: true })
    await copy(postgresql, again)
    expect(await rowsOf(again)).toEqual(await rowsOf(sqlite))
  }, 120_000)
})

describeEachBackend("a copy", (backend) => {
  const filled = async (more: Partial<Generating> = {}) => {
    const source = await place("sqlite")
    await fill(source, { rows: 5, ...more })
    return source
  }

  /** Ends a copy after the first thousand log records. */
  const interrupt = async (source: Place, target: Place) => {
    const interruption = new AbortController()
    const interrupted = copy(source, target, {
      databases: ["JobLoggingDB"],
      signal: interruption.signal,
      onProgress: () => interruption.abort(),
    })
    await expect(interrupted).rejects.toThrow(/aborted/)
    expect(await countOf(target, "LoggingInfo")).toBe(1000)
  }

  it("goes on where it was interrupted, and leaves no trace of that", async () => {
    const [source, target] = [await place("sqlite"), await place(backend)]
    await logMany(source.database, 2500)
    await interrupt(source, target)
    const steps: [string, number, number][] = []
    const [table] = await copy(source, target, {
      databases: ["JobLoggingDB"],
      onProgress: (...step) => steps.push(step),
    })
    expect(table).toMatchObject({ database: "JobLoggingDB", table: "LoggingInfo", rows: 2500 })
    expect(steps.filter(([step]) => step === "copying")).toEqual([
      ["copying", 2000, 2500],
      ["copying", 2500, 2500],
    ])
    expect(steps.at(-1)).toEqual(["verifying", 2500, 2500])
    const tables = await target.engine.read((db) => db.run(target.engine.dialect.selectTableNames))
    expect(tables.map(({ name }) => name)).not.toContain("spinor_copies")
  })

  it("that was interrupted is not mixed with that of another source", async () => {
    const [source, other, target] = [
      await place("sqlite"),
      { ...(await place("sqlite")), place: "another place" },
      await place(backend),
    ]
    await logMany(source.database, 2500)
    await interrupt(source, target)
    await expect(copy(other, target)).rejects.toThrow(/a copy from sqlite of this test to .* end/)
  })

  it("that was interrupted begins anew after a reset", async () => {
    const [source, target] = [await place("sqlite"), await place(backend)]
    await logMany(source.database, 2500)
    await interrupt(source, target)
    await resetDatabases(target.engine, ["JobLoggingDB"], "truncate")
    await copy(source, target)
    expect(await countOf(target, "LoggingInfo")).toBe(2500)
  })

  it("finds a row that changed meanwhile", async () => {
    const [source, target] = [await place("sqlite"), await place(backend)]
    await logMany(source.database, 2500)
    await interrupt(source, target)
    const name = quoted(target.engine, "LoggingInfo")
    const column = quoted(target.engine, "JobID")
    const status = quoted(target.engine, "Status")
    await run(target.engine, `update ${name} set ${status} = 'Done ' where ${column} = 7`)
    await expect(copy(source, target, { databases: ["JobLoggingDB"] })).rejects.toThrow(
      "the copy differs from the source in LoggingInfo (2500 rows there, 2500 here)",
    )
  })

  it("refuses a target that holds rows, and adds to them when it is told to", async () => {
    const [source, target] = [await filled(), await place(backend)]
    await storeJobs(target.database.sql, [{ jobName: "before" }])
    await expect(copy(source, target, { databases: ["JobDB"] })).rejects.toThrow(
      /is not empty: rows in JobJDLs \(1\), Jobs \(1\); --into-existing/,
    )
    await run(target.engine, `delete from ${quoted(target.engine, "JobJDLs")}`)
    const [id = 0] = await storeJobs(target.database.sql, [{ jobName: "before" }, {}, {}, {}])
    await run(source.engine, `delete from JobJDLs where JobID >= ${id}`)
    await copy(source, target, { databases: ["JobDB"], intoExisting: true })
    expect(await countOf(target, "Jobs")).toBe((await countOf(source, "Jobs")) + 4)
  })

  it("names a row that the target has already", async () => {
    const [source, target] = [await filled(), await place(backend)]
    const [id] = await storeJobs(target.database.sql, [{}])
    await expect(
      copy(source, target, { databases: ["JobDB"], intoExisting: true }),
    ).rejects.toThrow(`JobJDLs has a row already that the target takes for the same: JobID = ${id}`)
  })

  it("names the tables that an older source lacks", async () => {
    const [source, target] = [await place(backend), await place("sqlite")]
    await run(source.engine, `drop table ${quoted(source.engine, "spinor_JobParameters")}`)
    await expect(copy(source, target)).rejects.toThrow(
      `${backend} of this test lacks spinor_JobParameters: migrate it first`,
    )
  })

  it("tells of columns that somebody has added to the source", async () => {
    const [source, target] = [await place(backend), await place("sqlite")]
    await run(source.engine, `alter table ${quoted(source.engine, "Jobs")} add Extra int`)
    const told: unknown[] = []
    await copy(source, target, { onLeftBehind: (columns) => told.push(columns) })
    expect(told).toEqual([[expect.stringMatching(/^Jobs\.extra$/i)]])
  })

  it("names the columns that an older source lacks", async () => {
    const [source, target] = [await place(backend), await place("sqlite")]
    const [table, column] = ["LoggingInfo", "StatusSource"].map((name) =>
      quoted(source.engine, name),
    )
    await run(source.engine, `alter table ${table} drop column ${column}`)
    await expect(copy(source, target)).rejects.toThrow(
      `${backend} of this test lacks LoggingInfo.StatusSource: migrate it first`,
    )
  })

  it("lets the service give ids that the source has never given", async () => {
    const [source, target] = [await place("sqlite"), await place(backend)]
    await run(source.engine, "insert into JobJDLs values (700, '[]', '', '[]')")
    await run(source.engine, "delete from JobJDLs")
    await copy(source, target)
    const submit = (to: Place) =>
      serviceOn(to.database.sql).call("POST", "/api/jobs/jdl", {
        as: alice,
        body: ['Executable = "echo";'],
      })
    expect(await submit(target)).toMatchObject({ status: 201, body: [{ JobID: 701 }] })
    const next = await place(backend)
    await copy(target, next)
    expect(await submit(next)).toMatchObject({ status: 201, body: [{ JobID: 702 }] })
  })
})

it("a copy holds no more than a mebibyte of rows, or one row, at a time", async () => {
  const [source, target] = [await place("sqlite"), await place("sqlite")]
  for (const [id, length] of [300_000, 300_000, 3_000_000, 900_000, 1].entries()) {
    await run(
      source.engine,
      `insert into JobJDLs values (${id + 1}, hex(zeroblob(${length / 2})), '', '')`,
    )
  }
  const done: number[] = []
  await copy(source, target, {
    databases: ["JobDB"],
    onProgress: (step, rows) => step === "copying" && done.push(rows),
  })
  expect(done).toEqual([2, 3, 5])
})

describe.skipIf(!runsHere("postgresql"))("a text with U+0000", () => {
  it.each([
    ["in a text", "update JobJDLs set JDL = 'a' || char(0) || 'b' where JobID = 3", "JobJDLs.JDL"],
    [
      "in JSON",
      `update spinor_JobParameters set Document = '{"a": "\\\\\\u0000"}' where JobID = 3`,
      "spinor_JobParameters.Document",
    ],
  ])("%s stops the copy to postgresql at its row", async (_, statement, column) => {
    const [source, target, file] = [
      await place("sqlite"),
      await place("postgresql"),
      await place("sqlite"),
    ]
    await fill(source, { rows: 5 })
    await run(source.engine, statement)
    await expect(copy(source, target)).rejects.toThrow(
      `${column} holds U+0000, which PostgreSQL cannot, where JobID = 3`,
    )
    const [table = ""] = column.split(".")
    expect(await countOf(target, table)).toBe(2)
    await copy(source, file)
    expect(await rowsOf(file)).toEqual(await rowsOf(source))
  })
})

describe.skipIf(!runsHere("mysql"))("fractions of a second", () => {
  it("are counted before they are lost to mysql, and no copy is made unless told", async () => {
    const [source, target] = [await place("sqlite"), await place("mysql")]
    await fill(source, { rows: 5, microseconds: true, databases: ["JobLoggingDB"] })
    await run(
      source.engine,
      "update LoggingInfo set StatusTime = '2026-11-21 08:00:00' where JobID = 1",
    )
    const counts: unknown[] = []
    const onFractions = (count: unknown) => counts.push(count)
    const only = { databases: ["JobLoggingDB"], onFractions }
    await expect(copy(source, target, only)).rejects.toThrow("--cut-fractions")
    expect(counts).toEqual([[{ table: "LoggingInfo", values: 4 }]])
    expect(await countOf(target, "LoggingInfo")).toBe(0)
    await copy(source, target, { ...only, cutFractions: true })
    const wanted = await run(
      source.engine,
      "select substr(StatusTime, 1, 19) as t from LoggingInfo order by JobID",
    )
    expect(
      await run(target.engine, "select StatusTime as t from LoggingInfo order by JobID"),
    ).toEqual(wanted)
  })
})

describe.skipIf(!runsHere("mysql"))("a row that mysql cannot hold", () => {
  it("is named without its values", async () => {
    const [source, target] = [await place("sqlite"), await place("mysql")]
    await fill(source, { rows: 5 })
    await run(
      source.engine,
      `update JobJDLs set JDL = '${"s3cret".repeat(20_000)}' where JobID = 4`,
    )
    await expect(copy(source, target)).rejects.toThrow(
      /^JobJDLs has a row that the target does not take \(ER_DATA_TOO_LONG\): JobID = 4$/,
    )
  })

  it("is none that is older or newer than the partitions of its table", async () => {
    const [source, target] = [await place("sqlite"), await place("mysql")]
    for (const time of ["00000000", "ffffffff"]) {
      await run(
        source.engine,
        `insert into RefreshTokens values ('${time}7b527c3d9c4e000000000001', 'CREATED', 's', 's')`,
      )
    }
    await copy(source, target)
    expect(await countOf(target, "RefreshTokens")).toBe(2)
  })
})
