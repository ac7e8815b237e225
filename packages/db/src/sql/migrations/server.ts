import { sql } from "drizzle-orm"
import type { Queries } from "../queries.ts"
import type { Dialect } from "../dialects/dialect.ts"

/** The server behind a dialect, as the name of a migration that is for it alone says it. */
export async function serverOf(db: Queries, dialect: Dialect): Promise<string> {
  if (dialect.name !== "mysql") return dialect.name
  const [row] = await db.run(sql`select version() as version`)
  return String(row?.["version"]).toLowerCase().includes("mariadb") ? "mariadb" : "mysql"
}
