import { sql } from "drizzle-orm"
import type { SqlConnections } from "@spinor/db/sql/connections"
import type { Queries } from "@spinor/db/sql/queries"

/** All rows of all tables of a database, in an order of their own. */
export async function contentsOf(database: SqlConnections): Promise<Record<string, string[]>> {
  const engine = await database.engineOf("JobDB")
  const rowsOf = engine.dialect.name === "sqlite" ? quotedRows : allRows
  return await engine.read(async (queries) => {
    const contents: Record<string, string[]> = {}
    for (const { name } of await queries.run(engine.dialect.selectTableNames)) {
      const table = String(name)
      const rows = await rowsOf(queries, table)
      contents[table] = rows.map((row) => JSON.stringify(row)).toSorted()
    }
    return contents
  })
}

const allRows = (queries: Queries, table: string) =>
  queries.run(sql`select * from ${sql.identifier(table)}`)

/** As literals of SQL: the driver refuses integers of more than 53 bits. */
async function quotedRows(queries: Queries, table: string) {
  const columns = await queries.run(sql`select name from pragma_table_info(${table})`)
  const quoted = columns.map(
    ({ name }) => sql`quote(${sql.identifier(String(name))}) as ${sql.identifier(String(name))}`,
  )
  return await queries.run(sql`select ${sql.join(quoted, sql`, `)} from ${sql.identifier(table)}`)
}
