import type { Command } from "commander"
import type { MigrateOptions } from "./db-actions.ts"
import { orExplain, type Terminal } from "./terminal.ts"

// drizzle and the drivers are imported when a command runs: no other command should wait for them.
const actions = () => import("./db-actions.ts")

/** `db migrate`. */
export function mountDb(program: Command, terminal: Terminal): void {
  const db = program.command("db").description("keep the tables of the SQL databases")

  db.command("migrate")
    .description(
      "bring the tables up to date; those that DIRAC or DiracX made are adopted, not made again",
    )
    .option("--database <names...>", "these databases only, such as JobDB (default: all)")
    .addHelpText(
      "after",
      `
The URLs come from DIRACX_DB_URL_<NAME>, or from SPINOR_DB_URL for databases without one. Several
processes may migrate at once: one does, the others wait and find nothing left to do.

Examples:
  $ SPINOR_DB_URL=mysql+aiomysql://user:password@db.example.org/diracx spinor db migrate
  $ spinor db migrate --database JobDB JobLoggingDB
`,
    )
    .action((options: MigrateOptions, command: Command) =>
      orExplain(command, async () => (await actions()).migrateDatabases(options, terminal)),
    )
}
