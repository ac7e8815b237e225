import { systemRandom } from "@spinor/core/security/random"
import { connectOs } from "@spinor/db/os/connection"
import type { Cluster } from "@spinor/db/os/options-from-settings"
import { ss4oExporters } from "@spinor/db/os/telemetry/exporter"
import { awsCredentials } from "../aws-credentials.ts"
import type { Destination } from "./destination.ts"

/** Spans and log records in data streams of OpenSearch, whose names end with the stage. */
export function openSearchStreams({ variable, client }: Cluster, stage: string): Destination {
  const connection = connectOs(client, { variable, credentials: awsCredentials })
  return { ...ss4oExporters({ connection, stage, random: systemRandom }), metrics: undefined }
}
