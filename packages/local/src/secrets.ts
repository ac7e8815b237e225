import { link, readFile, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import type { RandomBytes } from "@spinor/core/security/random"
import { keystoreText, newSigningKey } from "@spinor/core/security/new-keys"
import { newStateKey } from "@spinor/core/security/state-key"

/** What only this machine knows. */
export interface Secrets {
  /** The text of a keystore. */
  readonly keystore: string
  readonly stateKey: string
  /** Signs the cookies of the embedded OpenID provider. */
  readonly cookieKey: string
}

/** Reads the secrets of a data folder; those that are missing are made, readable by their owner alone. */
export async function keepSecrets(folder: string, random: RandomBytes): Promise<Secrets> {
  const keep = (file: string, make: () => string) => keepFile(join(folder, file), make)
  return {
    keystore: await keep("keystore.jwks", () =>
      keystoreText([newSigningKey("Ed25519", random(8).toString("hex"))]),
    ),
    stateKey: await keep("state.key", () => newStateKey(random)),
    cookieKey: await keep("cookie.key", () => random(32).toString("base64url")),
  }
}

/** A file appears with all that it holds: another starter may read it at once, and this one be killed. */
async function keepFile(path: string, make: () => string): Promise<string> {
  const existing = await readFile(path, "utf8").catch(ifCode("ENOENT"))
  if (existing !== undefined) return existing
  const aside = `${path}.${process.pid}`
  try {
    await writeFile(aside, make(), { mode: 0o600 })
    await link(aside, path).catch(ifCode("EEXIST"))
  } finally {
    await rm(aside, { force: true })
  }
  return await readFile(path, "utf8")
}

const ifCode =
  (code: string) =>
  (error: unknown): undefined => {
    if (!(error instanceof Error && "code" in error && error.code === code)) throw error
  }
