import type { OsClientOptions } from "@spinor/core/settings/os-client"
import { SettingsError, type Settings } from "@spinor/core/settings/settings"
import { DOCUMENT_DATABASES } from "../documents/databases.ts"
import { jobParametersDB } from "../documents/job-parameters.ts"

/** Which databases of documents are in OpenSearch, and how it is reached. */
export interface DocumentPlaces {
  /** Where a database is, with the variable that says so; undefined for one that is kept in SQL. */
  readonly clusterOf: (databaseName: string) => Cluster | undefined
  /** Variables that are not set, without which a deployment does not know where documents go. */
  readonly missing: readonly string[]
}

export interface Cluster {
  readonly variable: string
  readonly client: OsClientOptions
}

const PREFIX = "DIRACX_OS_DB_"

/**
 * What has no variable of its own goes where the parameters of jobs go; SPINOR_DOCUMENTS=sql keeps it in SQL.
 * @throws SettingsError for the variable of a database that does not exist
 */
export function documentPlaces(settings: Settings): DocumentPlaces {
  const { osDatabases, deployed, SPINOR_DOCUMENTS: inSql } = settings
  const names = DOCUMENT_DATABASES.map(({ name }) => name.toUpperCase())
  const unknown = [...osDatabases.keys()].filter((name) => !names.includes(name))
  if (unknown.length > 0) {
    throw new SettingsError(
      unknown.map((name) => `${PREFIX}${name}: there is no such database; use ${names.join(", ")}`),
    )
  }
  const clusterOf = (name: string): Cluster | undefined => {
    const client = osDatabases.get(name.toUpperCase())
    return client && { variable: `${PREFIX}${name.toUpperCase()}`, client }
  }
  const usual = inSql === "sql" ? undefined : clusterOf(jobParametersDB.name)
  const isUsed = !settings.disabledServices.has("jobs")
  const isMissing = deployed && isUsed && inSql === undefined && usual === undefined
  const variable = `${PREFIX}${jobParametersDB.name.toUpperCase()}`
  return {
    clusterOf: (name) => clusterOf(name) ?? usual,
    missing: isMissing ? [`${variable} (or SPINOR_DOCUMENTS=sql)`] : [],
  }
}

/**
 * Where spans and log records are kept; undefined where they are not.
 * @throws SettingsError when it shall be a cluster that no variable names
 */
export function telemetryCluster(settings: Settings): Cluster | undefined {
  const { SPINOR_OTEL_OPENSEARCH: own, osDatabases } = settings
  if (own === false) return undefined
  if (typeof own === "object") return { variable: "SPINOR_OTEL_OPENSEARCH", client: own }
  const variable = `${PREFIX}${jobParametersDB.name.toUpperCase()}`
  const client = osDatabases.get(jobParametersDB.name.toUpperCase())
  if (client !== undefined) return { variable, client }
  throw new SettingsError([`SPINOR_OTEL_OPENSEARCH is true, but ${variable} is not set`])
}
