import { readSettings } from "@spinor/core/settings/settings"
import type { AwsCredentials } from "@spinor/db/os/aws-credentials"
import { connectOs, type OsConnection } from "@spinor/db/os/connection"

const VARIABLE = "DIRACX_OS_DB_JOBPARAMETERSDB"

/** A connection by the options that an operator would write. */
export function connected(
  options: object,
  credentials: () => AwsCredentials = () => {
    throw new Error("Credentials are asked for where nothing is signed")
  },
): OsConnection {
  const read = readSettings({ [VARIABLE]: JSON.stringify(options) })
  const database = read.osDatabases.get("JOBPARAMETERSDB")
  if (database === undefined) throw new Error("The settings hold what was set")
  return connectOs(database, { variable: VARIABLE, credentials })
}
