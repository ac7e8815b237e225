import { sql } from "drizzle-orm"
import type { SqlConnections } from "@spinor/db/sql/connections"

/** All rows of all tables of a database, in an order of their own. */
export async function contentsOf(database: SqlConnections): Promise<Record<string, string[]>> {
  const engine = await database.engineOf("JobDB")
  return await engine.read(async (queries) => {
    const contents: Record<string, string[]> = {}
    for (const { name } of await queries.run(engine.dialect.selectTableNames)) {
      const table = String(name)
      const rows = await queries.run(sql`select * from ${sql.identifier(table)}`)
      contents[table] = rows.map((row) => JSON.stringify(row)).toSorted()
    }
    return contents
  })
}
