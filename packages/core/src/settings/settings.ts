import { missingParts, urlOfParts } from "./database-parts.ts"
import { osClientOptions, type OsClientOptions } from "./os-client.ts"
import { variables, type Environment, type Variables } from "./variables.ts"

/** A setting that cannot be used, or one that is missing; a line each, without any value. */
export class SettingsError extends Error {
  override readonly name = "SettingsError"
  readonly lines: readonly string[]

  constructor(lines: readonly string[]) {
    super(lines.join("\n"))
    this.lines = lines
  }
}

/** What the environment says, read once at start. */
export interface Settings extends Variables {
  /** URLs by the name of the logical database in upper case, such as JOBDB; secret. */
  readonly databaseUrls: ReadonlyMap<string, string>
  /** SPINOR_DB_URL, or what its parts make: serves every database that has no URL of its own; secret. */
  readonly commonDatabaseUrl: string | undefined
  /** OpenSearch by the name of the database in upper case, such as JOBPARAMETERSDB; secret. */
  readonly osDatabases: ReadonlyMap<string, OsClientOptions>
  /** Services that are switched off, by the names that their operations' tags have. */
  readonly disabledServices: ReadonlySet<string>
  /** Whether nothing may be embedded that was not asked for by name. */
  readonly deployed: boolean
}

const SERVICE_FLAG = /^DIRACX_SERVICE_([A-Z]+)_ENABLED$/
const DATABASE = "DIRACX_DB_URL_"
const OS_DATABASE = "DIRACX_OS_DB_"

/**
 * Reads the settings; an empty variable counts as unset.
 * @throws SettingsError that names every variable that cannot be used
 */
export function readSettings(environment: Environment): Settings {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""))
  // Compiling the schema takes longer than the one reading of a process.
  const { success, data, error } = variables.safeParse(set, { jitless: true })
  if (!success) {
    throw new SettingsError(error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`))
  }
  return {
    ...data,
    databaseUrls: new Map(named(DATABASE, set)),
    commonDatabaseUrl: set["SPINOR_DB_URL"] ?? composedUrl(data),
    osDatabases: readOsDatabases(set),
    disabledServices: new Set(
      Object.entries(data).flatMap(([name, value]) => {
        const service = SERVICE_FLAG.exec(name)?.[1]
        return service === undefined || value !== false ? [] : [service.toLowerCase()]
      }),
    ),
    deployed: data.DIRACX_CONFIG_BACKEND_URL !== undefined || data.SPINOR_STAGE === "production",
  }
}

function composedUrl(data: Variables): string | undefined {
  const missing = missingParts(data)
  if (missing.length > 0) throw new SettingsError(missing.map((line) => line.join(" ")))
  return urlOfParts(data)
}

function readOsDatabases(set: Environment): Map<string, OsClientOptions> {
  const read = named(OS_DATABASE, set).map(([name, text]) => {
    return [name, osClientOptions.safeParse(text)] as const
  })
  const faults = read.flatMap(([name, { error }]) =>
    (error?.issues ?? []).map(({ message }) => `${OS_DATABASE}${name} ${message}`),
  )
  if (faults.length > 0) throw new SettingsError(faults)
  return new Map(read.flatMap(([name, { data }]) => (data === undefined ? [] : [[name, data]])))
}

/** The variables that begin so, by the rest of their names. */
const named = (beginning: string, set: Environment): [name: string, value: string][] =>
  Object.entries(set).flatMap(([name, value]) =>
    value === undefined || !name.startsWith(beginning)
      ? []
      : [[name.slice(beginning.length), value]],
  )
