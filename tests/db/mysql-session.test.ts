import { sql } from "drizzle-orm"
import { describe, expect, it } from "vitest"
import { JobDB } from "@spinor/db/sql/job/job-db"
import { runsHere } from "../support/backends.ts"
import { useDatabase } from "../support/database.ts"

class Session extends JobDB {
  async mode(): Promise<unknown> {
    const [row] = await this.db.run(sql`select @@sql_mode as mode`)
    return row?.["mode"]
  }
}

describe.skipIf(!runsHere("mysql"))("a session on mysql", () => {
  const database = useDatabase("mysql")

  it("has a mode of its own, in which a backslash escapes and no value is cut", async () => {
    const mode = await database.sql.read({ session: Session }, ({ session }) => session.mode())
    expect(mode).toBe("ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION")
  })
})
