import { describe, expect, it } from "vitest"
import { runsHere } from "../support/backends.ts"
import { copy, countOf, place, run } from "./copying.ts"

describe.skipIf(!runsHere("mysql"))("tables that DIRAC made", () => {
  it("are not copied while rows share the key that they lack", async () => {
    const [from, to] = [await place("mysql"), await place("sqlite")]
    const rows = Array.from({ length: 1500 }, (_, i) => `(${i}, 1, '2026-11-01 12:00:00')`)
    rows.push("(999, 1, '2026-11-01 12:00:01')")
    const columns = "JobToPilotMapping (PilotID, JobID, StartTime)"
    await run(from.engine, "alter table JobToPilotMapping drop primary key")
    await run(from.engine, `insert into ${columns} values ${rows.join()}`)
    await expect(copy(from, to)).rejects.toThrow(
      "mysql of this test holds rows that share their key in JobToPilotMapping (1 keys)",
    )
    expect(await countOf(to, "JobToPilotMapping")).toBe(0)
    await run(from.engine, "delete from JobToPilotMapping where StartTime > '2026-11-01 12:00:00'")
    await copy(from, to)
    expect(await countOf(to, "JobToPilotMapping")).toBe(1500)
  })

  it("may spell their columns otherwise", async () => {
    const [from, to] = [await place("mysql"), await place("sqlite")]
    await run(from.engine, "alter table sb_Owners change OwnerID OwnerId int auto_increment")
    await run(from.engine, "insert into sb_Owners (Owner, OwnerGroup, VO) values ('o', 'g', 'v')")
    await copy(from, to)
    expect(await countOf(to, "sb_Owners")).toBe(1)
  })
})
