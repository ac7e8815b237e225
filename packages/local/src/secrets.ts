import { readFile, writeFile } from "node:fs/promises"
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

async function keepFile(path: string, make: () => string): Promise<string> {
  try {
    // Made by one of two starters; the other reads it.
    await writeFile(path, make(), { mode: 0o600, flag: "wx" })
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error
  }
  return await readFile(path, "utf8")
}
