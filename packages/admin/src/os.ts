import { InvalidArgumentError, type Command } from "commander"
import { withJson } from "./json.ts"
import type { DocumentsOption } from "./os-connection.ts"
import type { FlushOptions } from "./os-flush.ts"
import type { PruneOptions } from "./os-prune.ts"
import { orExplain, type Terminal } from "./terminal.ts"

/** `os status`, `os migrate`, `os flush` and `os prune`. */
export function mountOs(program: Command, terminal: Terminal): void {
  const os = program
    .command("os")
    .description("keep the documents, in OpenSearch or SQL: parameters, and logs of pilots")

  os.command("status")
    .description("tell what the databases of documents hold and what waits, and change nothing")
    .addHelpText(
      "after",
      `
The environment is the server's: DIRACX_OS_DB_<NAME> says where OpenSearch is, and what has none is in
SQL, at DIRACX_DB_URL_JOBDB, DIRACX_DB_URL_PILOTAGENTSDB or SPINOR_DB_URL. A template is current; it is
missing, or another one, until "os migrate" puts ours. Documents that were written while OpenSearch
was away wait in an outbox, in SQL, until the service or "os flush" sends them. "os prune" removes what
is older than it is kept. The exit code is 1 when a cluster is away or has not our templates, and 0
otherwise.

Examples:
  $ DIRACX_OS_DB_JOBPARAMETERSDB='{"hosts": "https://os.example.org:9200"}' spinor os status
  $ spinor os status --database JobParametersDB --json
`,
    )
    .action((options: DocumentsOption, command: Command) =>
      orExplain(command, async () =>
        (await import("./os-status.ts")).printStatus(options, terminal),
      ),
    )

  os.command("migrate")
    .description("put the index templates where they are missing or other ones")
    .addHelpText(
      "after",
      `
What somebody has added to a template of ours, such as a number of replicas, stays. A template is for
the indices that are made after it. The service puts a template that is missing before it writes.

Examples:
  $ spinor os migrate
  $ spinor os migrate --database PilotLogsDB
`,
    )
    .action((options: DocumentsOption, command: Command) =>
      orExplain(command, async () =>
        (await import("./os-migrate.ts")).migrateTemplates(options, terminal),
      ),
    )

  os.command("flush")
    .description("send the documents that wait since OpenSearch was away")
    .option("--refused", "try those too that OpenSearch has refused, once it is mended why")
    .addHelpText(
      "after",
      `
The service sends them too, some with every write. The exit code is 1 when some are left because
OpenSearch does not take them now.

Examples:
  $ spinor os flush
  $ spinor os flush --refused --database JobParametersDB
`,
    )
    .action((options: FlushOptions, command: Command) =>
      orExplain(command, async () => (await import("./os-flush.ts")).flush(options, terminal)),
    )

  os.command("prune")
    .description("remove documents that were last written longer ago than they are kept")
    .option(
      "--older-than <days>",
      "remove what is older than this from the databases that --database names",
      days,
    )
    .addHelpText(
      "after",
      `
To be run once a day, beside the service if you like. Logs of pilots are kept for
SPINOR_PILOT_LOGS_RETENTION_DAYS (90), parameters for SPINOR_PARAMETERS_RETENTION_DAYS (0, which is
for ever), spans and log records, where they are in OpenSearch, for SPINOR_OTEL_RETENTION_DAYS (30).
An index that holds nothing younger is removed as a whole.

Examples:
  $ spinor os prune
  $ spinor os prune --database PilotLogsDB --older-than 30
`,
    )
    .action((options: PruneOptions, command: Command) =>
      orExplain(command, async () => (await import("./os-prune.ts")).prune(options, terminal)),
    )

  for (const command of os.commands) {
    command.option("--database <names...>", "these only, such as JobParametersDB (default: all)")
    withJson(command, "print it as JSON")
  }
}

function days(text: string): number {
  const value = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (value < 1 || value > 36_500) {
    throw new InvalidArgumentError("It should be a number of days, from 1 to 36500.")
  }
  return value
}
