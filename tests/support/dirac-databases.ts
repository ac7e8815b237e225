import { readFileSync } from "node:fs"
import { createConnection } from "mysql2/promise"
import { DATABASES } from "@spinor/db/sql/declared"
import { freshDatabaseUrl } from "./backends.ts"

const text = readFileSync(new URL("dirac-v9.sql", import.meta.url), "utf8")

/** The statements for each database. */
const tables = new Map(
  text
    .split(/^-- database /m)
    .slice(1)
    .map((part) => {
      const [name = "", ...lines] = part.split("\n")
      return [name, lines.join("\n")]
    }),
)

/** Databases on MariaDB, one each, with the tables that DIRAC v9 makes; those that it does not have are empty. */
export async function diracDatabases(): Promise<{
  urls: ReadonlyMap<string, string>
  drop: () => Promise<void>
}> {
  const made = await Promise.all(
    DATABASES.map(async (name) => {
      const { url, drop } = await freshDatabaseUrl("mysql")
      const statements = tables.get(name)
      if (statements !== undefined) await execute(url, statements)
      return { name, url, drop }
    }),
  )
  return {
    urls: new Map(made.map(({ name, url }) => [name, url])),
    drop: async () => {
      await Promise.all(made.map(({ drop }) => drop()))
    },
  }
}

async function execute(url: string, statements: string): Promise<void> {
  const connection = await createConnection({
    uri: url.replace("mysql+aiomysql", "mysql"),
    multipleStatements: true,
  })
  await connection.query(statements).finally(() => connection.end())
}
