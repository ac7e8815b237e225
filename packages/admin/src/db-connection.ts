import { causes } from "@spinor/core/causes"
import { readSettings, SettingsError, type Settings } from "@spinor/core/settings/settings"
import { connectSql, type SqlConnections } from "@spinor/db/sql/connections"
import { OsResponseError, OsUnavailableError } from "@spinor/db/os/errors"
import { CopyError } from "@spinor/db/sql/copy/copy-error"
import { DATABASES } from "@spinor/db/sql/declared"
import { codeOf } from "@spinor/db/sql/dialects/fault"
import type { Engine } from "@spinor/db/sql/engine"
import { UnavailableError } from "@spinor/core/errors"
import { MigrationError } from "@spinor/db/sql/migrations/error"
import { engineOptions } from "@spinor/db/sql/options-from-settings"
import { databaseUrls, type DatabaseUrls } from "@spinor/db/sql/urls-from-settings"
import { DatabaseUrlError, parseDatabaseUrl, type DatabaseUrl } from "@spinor/db/sql/url"
import { printable } from "./printable.ts"
import { OperatorError, type Terminal } from "./terminal.ts"

/** @throws OperatorError that names those that there are not */
export function mustExist(names: readonly string[], existing: readonly string[] = DATABASES): void {
  const unknown = names.filter((name) => !existing.includes(name))
  if (unknown.length > 0) {
    throw new OperatorError(`no database ${unknown.join(", ")}; there is: ${existing.join(", ")}`)
  }
}

/** The databases of the environment, for who works on them one after the other. */
export function connect(
  terminal: Terminal,
  names: readonly string[],
): {
  settings: Settings
  urlOf: DatabaseUrls["urlOf"]
  connections: SqlConnections
} {
  return explained(() => {
    const { settings, urlOf } = readUrls(terminal, names)
    return { settings, urlOf, connections: connectSql(urlOf, unhurried(settings)) }
  })
}

/**
 * A database that an option of the command names.
 * @throws OperatorError that names the option, and no secret
 */
export function connectTo(
  { env }: Terminal,
  option: string,
  text: string,
): { url: DatabaseUrl; connections: SqlConnections } {
  return explained(() => {
    const settings = readSettings(env)
    const allowEmptyPassword = settings.SPINOR_DB_ALLOW_EMPTY_PASSWORD
    const url = parseDatabaseUrl(text, option, { allowEmptyPassword })
    return { url, connections: connectSql(() => url, unhurried(settings)) }
  })
}

const unhurried = (settings: Settings): ReturnType<typeof engineOptions> => ({
  ...engineOptions(settings),
  // One that works, and one that keeps the lease meanwhile.
  poolSize: 2,
  // A change of a big table may take hours.
  statementTimeout: 0,
})

function readUrls(
  { env }: Terminal,
  names: readonly string[],
): { settings: Settings; urlOf: DatabaseUrls["urlOf"] } {
  const settings = readSettings(env)
  const { urlOf, missing } = databaseUrls(settings, names)
  if (missing.length > 0) throw new OperatorError(`not set: ${missing.join(", ")}`)
  return { settings, urlOf }
}

function explained<Result>(work: () => Result): Result {
  try {
    return work()
  } catch (cause) {
    if (cause instanceof SettingsError) throw new OperatorError(cause.lines.join("; "), { cause })
    if (cause instanceof DatabaseUrlError) throw new OperatorError(cause.message, { cause })
    throw cause
  }
}

/** @throws OperatorError that says why the database at that place cannot be reached */
export async function openEngine(
  connections: SqlConnections,
  name: string,
  place: string,
): Promise<Engine> {
  try {
    return await connections.engineOf(name)
  } catch (cause) {
    if (cause instanceof DatabaseUrlError) throw new OperatorError(cause.message, { cause })
    throw new OperatorError(`${place}: ${driversReason(cause) ?? "cannot be opened"}`, { cause })
  }
}

/**
 * Does what may fail for reasons of the database.
 * @throws OperatorError that says where and why, without a statement or a value
 */
export async function told<Result>(place: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (cause) {
    if (cause instanceof CopyError) throw new OperatorError(cause.message, { cause })
    const reason = reasonOf(cause)
    if (reason === undefined) throw cause
    throw new OperatorError(`${place}: ${reason}`, { cause })
  }
}

/** What a database says, in one line; undefined of what is an error of nobody but ours. */
export function reasonOf(error: unknown): string | undefined {
  if (error instanceof OsUnavailableError || error instanceof OsResponseError) {
    const { message, cause } = error
    return printable(cause instanceof Error ? `${message} (${cause.message})` : message)
  }
  if (error instanceof MigrationError) return error.message
  const reason = driversReason(error)
  if (!(error instanceof UnavailableError)) return reason
  return reason === undefined ? error.message : `${error.message} (${reason})`
}

/** What the driver says: drizzle's own message around it would hold the statement. */
function driversReason(error: unknown): string | undefined {
  for (const cause of causes(error)) {
    const code = codeOf(cause)
    // A DOMException has a code too: it is an interruption, and no driver's.
    if (code === "" || !(cause instanceof Error) || cause instanceof DOMException) continue
    const message = cause.message.replaceAll(/\s+/g, " ")
    return message.includes(code) ? message : `${code} ${message}`.trim()
  }
  return undefined
}
