import { systemRandom } from "@spinor/core/security/random"
import { SettingsError, type Settings } from "@spinor/core/settings/settings"
import { connectOs } from "@spinor/db/os/connection"
import { ss4oExporters } from "@spinor/db/os/telemetry/exporter"
import { awsCredentials } from "../aws-credentials.ts"
import type { Destination } from "./destination.ts"

const OWN = "SPINOR_OTEL_OPENSEARCH"
const SHARED = "DIRACX_OS_DB_JOBPARAMETERSDB"

/**
 * Spans and log records in data streams of OpenSearch.
 * @throws SettingsError when it shall be a cluster that no variable names
 */
export function openSearchStreams(settings: Settings): Destination {
  const own = settings[OWN]
  const options = typeof own === "object" ? own : settings.osDatabases.get("JOBPARAMETERSDB")
  if (options === undefined) throw new SettingsError([`${OWN} is true, but ${SHARED} is not set`])
  const connection = connectOs(options, {
    variable: typeof own === "object" ? OWN : SHARED,
    credentials: awsCredentials,
  })
  return {
    ...ss4oExporters({ connection, stage: settings.SPINOR_STAGE, random: systemRandom }),
    metrics: undefined,
  }
}
