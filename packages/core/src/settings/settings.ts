import { missingParts, urlOfParts } from "./database-parts.ts"
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
  /** Services that are switched off, by the names that their operations' tags have. */
  readonly disabledServices: ReadonlySet<string>
  /** Whether nothing may be embedded that was not asked for by name. */
  readonly deployed: boolean
}

const SERVICE_FLAG = /^DIRACX_SERVICE_([A-Z]+)_ENABLED$/
const DATABASE = "DIRACX_DB_URL_"

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
  const urls = Object.entries(set).filter(([name]) => name.startsWith(DATABASE))
  return {
    ...data,
    databaseUrls: new Map(
      urls.flatMap(([name, url]) =>
        url === undefined ? [] : [[name.slice(DATABASE.length), url]],
      ),
    ),
    commonDatabaseUrl: set["SPINOR_DB_URL"] ?? composedUrl(data),
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
