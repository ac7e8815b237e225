import { createDecipheriv } from "node:crypto"
import { readFileSync } from "node:fs"
import { readSettings, SettingsError, type Settings } from "@spinor/core/settings/settings"
import type { Environment } from "@spinor/core/settings/variables"

/** How the names of linked resources end that hold variables (`infra/variables.ts`). */
const LINKED = /Variables$/

const NONCE_BYTES = 12
const TAG_BYTES = 16

/**
 * The variables of a function: those of its environment, and below them those that the deployment has laid
 * beside the code, encrypted (SST_KEY_FILE, SST_KEY), as secrets do not stand in the environment.
 * @param connections to a database, unless they say so: there may be a thousand containers
 */
export const functionEnvironment = (
  environment: Environment,
  connections: number,
): Environment => ({
  SPINOR_DB_POOL_SIZE: String(connections),
  ...linkedVariables(environment),
  ...Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== "")),
})

/**
 * @param connections to a database, unless the variables say how many
 * @throws SettingsError for what cannot be used, and for what a function cannot have
 */
export function functionSettings(environment: Environment, connections: number): Settings {
  const settings = readSettings(functionEnvironment(environment, connections))
  if (settings.SPINOR_SANDBOX_STORE !== "disk") return settings
  throw new SettingsError(["SPINOR_SANDBOX_STORE: a function has no disk that lasts; use s3"])
}

function linkedVariables({ SST_KEY_FILE: file, SST_KEY: key }: Environment): Environment {
  if (!file || !key) return {}
  const sealed = readFileSync(file)
  const decipher = createDecipheriv(
    "aes-256-gcm",
    Buffer.from(key, "base64"),
    Buffer.alloc(NONCE_BYTES),
  ).setAuthTag(sealed.subarray(-TAG_BYTES))
  const text =
    decipher.update(sealed.subarray(0, -TAG_BYTES), undefined, "utf8") + decipher.final("utf8")
  const linked = Object.entries(Object(JSON.parse(text))).filter(([name]) => LINKED.test(name))
  const { type: _, ...variables } = Object.assign({}, ...linked.map(([, properties]) => properties))
  return variables
}
