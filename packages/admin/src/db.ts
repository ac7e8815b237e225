import { Option, type Command } from "commander"
import type { ResetMode } from "@spinor/db/sql/reset"
import type { CopyCommandOptions } from "./copy-actions.ts"
import type { DatabasesOption } from "./db-actions.ts"
import { withJson, type JsonOption } from "./json.ts"
import type { ResetOptions } from "./reset-actions.ts"
import { orExplain, type Terminal } from "./terminal.ts"

// drizzle and the drivers are imported when a command runs: no other command should wait for them.
const actions = () => import("./db-actions.ts")

/** `db status`, `db migrate`, `db upkeep`, `db copy` and `db reset`. */
export function mountDb(program: Command, terminal: Terminal): void {
  const db = program.command("db").description("keep the tables of the SQL databases")

  db.command("status")
    .description("tell which migrations each database has, and change nothing")
    .option("--database <names...>", "these databases only, such as JobDB (default: all)")
    .addHelpText(
      "after",
      `
A migration is applied, or adopted where DIRAC or DiracX had made the tables; it is pending, or begun
if it was interrupted; or unknown, when a newer Spinor has made it. The exit code is 0 when every
database is up to date, and 1 otherwise.

Examples:
  $ SPINOR_DB_URL=mysql+aiomysql://user:password@db.example.org/diracx spinor db status
  $ spinor db status --database JobDB --json
`,
    )
    .action((options: DatabasesOption, command: Command) =>
      orExplain(command, async () =>
        (await import("./db-status.ts")).printStatus(options, terminal),
      ),
    )

  db.command("migrate")
    .description(
      "bring the tables up to date; those that DIRAC or DiracX made are adopted, not made again",
    )
    .option("--database <names...>", "these databases only, such as JobDB (default: all)")
    .addHelpText(
      "after",
      `
The URLs come from DIRACX_DB_URL_<NAME>, or from SPINOR_DB_URL for databases without one, or from its
parts SPINOR_DB_TYPE, _HOST, _PORT, _NAME, _USER and _PASSWORD. Several
processes may migrate at once: one does, the others wait and find nothing left to do; one that was
interrupted is gone on with. Tables are adopted when they have every table and column that Spinor needs,
wide enough, and no other column that must be filled; the rest of what differs is printed.

Examples:
  $ SPINOR_DB_URL=mysql+aiomysql://user:password@db.example.org/diracx spinor db migrate
  $ spinor db migrate --database JobDB JobLoggingDB
`,
    )
    .action((options: DatabasesOption, command: Command) =>
      orExplain(command, async () => (await actions()).migrateDatabases(options, terminal)),
    )

  db.command("upkeep")
    .description("make room for the refresh tokens of the coming year, and delete what has expired")
    .addHelpText(
      "after",
      `
To be run once a day, beside the service if you like. On MySQL and MariaDB, RefreshTokens has a
partition for each of the next 12 months, and loses those that are older than
DIRACX_SERVICE_AUTH_REFRESH_TOKEN_RETENTION_MONTHS (6). Logins that began
DIRACX_SERVICE_AUTH_COMPLETED_FLOW_RETENTION_MINUTES (60) ago are deleted.

Example:
  $ DIRACX_DB_URL_AUTHDB=mysql+aiomysql://user:password@db.example.org/AuthDB spinor db upkeep
`,
    )
    .action((options: JsonOption, command: Command) =>
      orExplain(command, async () =>
        (await import("./upkeep-actions.ts")).upkeep(options, terminal),
      ),
    )

  db.command("copy")
    .description("copy all rows from one database to another, of any kind, and verify them")
    .requiredOption("--from <url>", "what is copied; it is only read")
    .requiredOption("--to <url>", "where it is copied to; tables that are absent are made")
    .option("--database <names...>", "these databases only, such as JobDB (default: all)")
    .option("--cut-fractions", "lose fractions of a second where the target holds whole seconds")
    .option("--into-existing", "add to the rows that the target has")
    .addHelpText(
      "after",
      `
Stop the service first: what is written while rows are copied is found in the end, when both sides
are compared by counts and checksums, and the copy fails. A copy that was interrupted, and not one
that failed in the end, goes on where it was when it is called again. Ids that the source has given
are not given again.

The URLs are those that DIRACX_DB_URL_<NAME> takes.

Examples:
  $ spinor db copy --from mysql+aiomysql://user:password@old/diracx --to file:/data/spinor.db
  $ spinor db copy --from file:spinor.db --to postgresql+postgres://user:password@db/spinor --database JobDB
`,
    )
    .action((options: CopyCommandOptions, command: Command) =>
      orExplain(command, async () => (await import("./copy-actions.ts")).copy(options, terminal)),
    )

  db.command("reset")
    .description("tell how many rows the tables have; with --yes, empty or drop them")
    .option("--database <names...>", "these databases only, such as JobDB (default: all)")
    .addOption(
      new Option("--mode <mode>", "what becomes of the tables")
        .choices(["truncate", "drop"] satisfies ResetMode[])
        .default("truncate"),
    )
    .option("--yes", "do it, to the databases that --database names")
    .addHelpText(
      "after",
      `
"truncate" deletes all rows and keeps the tables and the records of their migrations: the service
can go on at once, and its ids begin again. "drop" deletes the tables too, and the records: the next
"db migrate", or start of the service, makes them anew. Tables that are not of the named databases
are not touched. The URLs come from the variables that "db migrate" reads.

Examples:
  $ spinor db reset
  $ spinor db reset --database JobDB JobLoggingDB --mode drop --yes
`,
    )
    .action((options: ResetOptions, command: Command) =>
      orExplain(command, async () => (await import("./reset-actions.ts")).reset(options, terminal)),
    )

  for (const command of db.commands) withJson(command, "print it as JSON")
}
