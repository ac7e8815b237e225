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
 * A URL given in code wins over the database's own variable, and that over SPINOR_DB_URL and its
 * parts, which serve all that have none.
 * @throws DatabaseUrlError that names the variable of the first URL that cannot be used
 */
export function databaseUrls(
  settings: Settings,
  names: readonly string[],
  given: Readonly<Record<string, string>> = {},
): DatabaseUrls {
  const allowEmptyPassword = settings.SPINOR_DB_ALLOW_EMPTY_PASSWORD
  const urls = new Map<string, DatabaseUrl>()
  const missing: string[] = []
  for (const name of names) {
    const sources: [variable: string, url: string | undefined][] = [
      [`the URL of ${name}`, given[name]],
      [variableOf(name), settings.databaseUrls.get(name.toUpperCase())],
      ["SPINOR_DB_URL", settings.commonDatabaseUrl],
    ]
    const [variable, text] = sources.find(([, url]) => url !== undefined) ?? []
    if (variable === undefined || text === undefined) {
      missing.push(`${variableOf(name)} (or SPINOR_DB_URL)`)
    } else {
      urls.set(name, parseDatabaseUrl(text, variable, { allowEmptyPassword }))
    }
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
