import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { keystoreText, newSigningKey } from "@spinor/core/security/new-keys"
import { systemRandom } from "@spinor/core/security/random"
import { newStateKey } from "@spinor/core/security/state-key"
import { configuration } from "../service.ts"

export const PUBLIC_URL = "https://spinor.example.org"

/**
 * What a deployment sets, with its configuration in a file of the folder. The database is away; the
 * documents are in it, and the sandboxes in a bucket that nobody has made.
 */
export async function deploymentVariables(
  folder: string,
  keystore = keystoreText([newSigningKey("Ed25519", "test")]),
): Promise<Record<string, string>> {
  const config = join(folder, "default.yml")
  await writeFile(config, JSON.stringify(configuration))
  return {
    DIRACX_CONFIG_BACKEND_URL: pathToFileURL(config).href,
    DIRACX_SERVICE_AUTH_TOKEN_KEYSTORE: keystore,
    DIRACX_SERVICE_AUTH_STATE_KEY: newStateKey(systemRandom),
    DIRACX_SANDBOX_STORE_BUCKET_NAME: "spinor",
    SPINOR_DOCUMENTS: "sql",
    AWS_ACCESS_KEY_ID: "lent",
    AWS_SECRET_ACCESS_KEY: "lent",
    SPINOR_DB_URL: "mysql+mysql2://u:secret@127.0.0.1:1/spinor",
    SPINOR_PUBLIC_URL: PUBLIC_URL,
  }
}
