import { readSettings, SettingsError, type Settings } from "@spinor/core/settings/settings"
import { connectSql, type SqlConnections } from "@spinor/db/sql/connections"
import { DATABASES } from "@spinor/db/sql/declared"
import { causes, codeOf } from "@spinor/db/sql/dialects/fault"
import { migrate, MigrationError, type MigrationResult } from "@spinor/db/sql/migrations/migrate"
import { databaseUrls, type DatabaseUrls } from "@spinor/db/sql/urls-from-settings"
import { DatabaseUrlError, type DatabaseUrl } from "@spinor/db/sql/url"
import { OperatorError, type Terminal } from "./terminal.ts"

export interface MigrateOptions {
  readonly database?: readonly string[]
}

export async function migrateDatabases(
  { database: names = DATABASES }: MigrateOptions,
  terminal: Terminal,
): Promise<void> {
  const unknown = names.filter((name) => !DATABASES.includes(name))
  if (unknown.length > 0) {
    throw new OperatorError(`no database ${unknown.join(", ")}; there is: ${DATABASES.join(", ")}`)
  }
  const { settings, urlOf } = readUrls(terminal, names)
  const connections = connectSql(urlOf, {
    // Migrations run one after the other.
    poolSize: 1,
    busyTimeout: settings.SPINOR_SQLITE_BUSY_TIMEOUT * 1000,
    connectTimeout: settings.SPINOR_DB_CONNECT_TIMEOUT * 1000,
  })
  try {
    for (const group of connections.byEngine(names)) {
      const results = await migrateTogether(group, connections, urlOf, terminal)
      terminal.stdout.write(report(group, results, urlOf))
    }
  } finally {
    await connections.close()
  }
}

function readUrls(
  { env }: Terminal,
  names: readonly string[],
): { settings: Settings; urlOf: DatabaseUrls["urlOf"] } {
  try {
    const settings = readSettings(env)
    const { urlOf, missing } = databaseUrls(settings, names)
    if (missing.length > 0) throw new OperatorError(`not set: ${missing.join(", ")}`)
    return { settings, urlOf }
  } catch (cause) {
    if (cause instanceof SettingsError) throw new OperatorError(cause.lines.join("; "), { cause })
    if (cause instanceof DatabaseUrlError) throw new OperatorError(cause.message, { cause })
    throw cause
  }
}

/** Migrates databases that lie in one place. */
async function migrateTogether(
  names: readonly string[],
  connections: SqlConnections,
  urlOf: DatabaseUrls["urlOf"],
  { clock }: Terminal,
): Promise<MigrationResult[]> {
  const [first = ""] = names
  const told = (reason: string, cause: unknown) =>
    new OperatorError(`${urlOf(first).place} (${names.join(", ")}): ${reason}`, { cause })

  const engine = await connections.engineOf(first).catch((cause: unknown) => {
    throw told(driversReason(cause) ?? "cannot be opened", cause)
  })
  try {
    return await migrate(engine, names, clock)
  } catch (cause) {
    const reason = cause instanceof MigrationError ? cause.message : driversReason(cause)
    if (reason === undefined) throw cause
    throw told(reason, cause)
  }
}

/** What the driver says: drizzle's own message around it would hold the statement. */
function driversReason(error: unknown): string | undefined {
  for (const cause of causes(error)) {
    const code = codeOf(cause)
    if (code === "" || !(cause instanceof Error)) continue
    const message = cause.message.replaceAll(/\s+/g, " ")
    return message.includes(code) ? message : `${code} ${message}`.trim()
  }
  return undefined
}

function report(
  names: readonly string[],
  results: readonly MigrationResult[],
  urlOf: (name: string) => DatabaseUrl,
): string {
  const rows = names.flatMap((name) => {
    const done = results.filter(({ database }) => database === name)
    return done.length === 0
      ? [[name, "", "up to date"]]
      : done.map((result) => [name, result.name, result.outcome])
  })
  const width = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0))
  const [first, second] = [width(0), width(1)]
  const lines = rows.map(([name = "", migration = "", outcome = ""]) =>
    ["", name.padEnd(first), ...(second > 0 ? [migration.padEnd(second)] : []), outcome].join("  "),
  )
  return `${[urlOf(names[0] ?? "").place, ...lines].join("\n")}\n`
}
