import type { Settings } from "@spinor/core/settings/settings"
import { parseDatabaseUrl, type DatabaseUrl } from "./url.ts"

/** The URLs of logical databases, as the settings give them. */
export interface DatabaseUrls {
  /** Does not fail for a name that was asked for and is not missing. */
  readonly urlOf: (name: string) => DatabaseUrl
  /** The variables that are not set, in words for people: "DIRACX_DB_URL_JOBDB (or SPINOR_DB_URL)". */
  readonly missing: readonly string[]
}

/**
 * A database's own variable wins over SPINOR_DB_URL, which serves all that have none.
 * @throws DatabaseUrlError that names the variable of the first URL that cannot be used
 */
export function databaseUrls(settings: Settings, names: readonly string[]): DatabaseUrls {
  const allowEmptyPassword = settings.SPINOR_DB_ALLOW_EMPTY_PASSWORD
  const urls = new Map<string, DatabaseUrl>()
  const missing: string[] = []
  for (const name of names) {
    const own = settings.databaseUrls.get(name.toUpperCase())
    const variable = own === undefined ? "SPINOR_DB_URL" : variableOf(name)
    const text = own ?? settings.commonDatabaseUrl
    if (text === undefined) missing.push(`${variableOf(name)} (or SPINOR_DB_URL)`)
    else urls.set(name, parseDatabaseUrl(text, variable, { allowEmptyPassword }))
  }
  return {
    urlOf(name) {
      const url = urls.get(name)
      if (url === undefined) throw new Error(`No URL was read for the database ${name}`)
      return url
    },
    missing,
  }
}

const variableOf = (name: string): string => `DIRACX_DB_URL_${name.toUpperCase()}`
