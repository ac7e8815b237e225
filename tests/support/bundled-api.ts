import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { stringify } from "yaml"
import { keystoreText, newSigningKey } from "@spinor/core/security/new-keys"
import { systemRandom } from "@spinor/core/security/random"
import { newStateKey } from "@spinor/core/security/state-key"
import { bundledFunction } from "./bundled-function.ts"
import { httpGet } from "./lambda/http-event.ts"
import { configuration } from "./service.ts"

/** The API's function with mysql2, as it is deployed, whose database is away. */
export interface BundledApi {
  /** The variables of a deployment. */
  readonly env: Readonly<Record<string, string>>
  /**
   * Loads it in a process of its own, asks it for paths one after the other, and ends the process as
   * soon as the last answer is there. The milliseconds are those of each answer.
   */
  ask(paths: readonly string[], variables: Readonly<Record<string, string>>): Promise<Asked>
  remove(): Promise<void>
}

export interface Asked {
  readonly log: string
  readonly errors: string
  readonly answers: readonly Answer[]
}

interface Answer {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly milliseconds: number
}

export async function bundledApi(): Promise<BundledApi> {
  const deployed = await bundledFunction("api", "mysql2")
  const folder = await mkdtemp(join(tmpdir(), "spinor-api-"))
  const config = join(folder, "default.yml")
  await writeFile(config, stringify(configuration))
  return {
    env: {
      DIRACX_CONFIG_BACKEND_URL: pathToFileURL(config).href,
      DIRACX_SERVICE_AUTH_TOKEN_KEYSTORE: keystoreText([newSigningKey("Ed25519", "test")]),
      DIRACX_SERVICE_AUTH_STATE_KEY: newStateKey(systemRandom),
      DIRACX_SANDBOX_STORE_BUCKET_NAME: "spinor",
      SPINOR_DOCUMENTS: "sql",
      AWS_ACCESS_KEY_ID: "lent",
      AWS_SECRET_ACCESS_KEY: "lent",
      SPINOR_DB_URL: "mysql+aiomysql://u:p@127.0.0.1:1/jobs",
      SPINOR_PUBLIC_URL: "https://spinor.example.org",
    },
    async ask(paths, env) {
      const { answers, ...printed } = await deployed.send(paths.map(httpGet), env)
      // It answers with what Lambda makes an answer of HTTP of.
      const given = answers.map(({ answer, milliseconds }) => ({ ...Object(answer), milliseconds }))
      return { ...printed, answers: given as Answer[] }
    },
    async remove() {
      await deployed.remove()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
