import { generateKeyPairSync } from "node:crypto"
import { KeystoreError, parseKeySet } from "./keystore.ts"

/** What a key can be made for. */
export type Algorithm = "Ed25519" | "RS256"

/** A new private key in the form of DiracX's keystores, which signs and verifies. */
export function newSigningKey(algorithm: Algorithm, kid: string): Record<string, unknown> {
  const { privateKey } =
    algorithm === "RS256"
      ? generateKeyPairSync("rsa", { modulusLength: 3072 })
      : generateKeyPairSync("ed25519")
  return {
    ...privateKey.export({ format: "jwk" }),
    alg: algorithm,
    kid,
    key_ops: ["sign", "verify"],
  }
}

/** The text of a keystore with these keys. */
export const keystoreText = (keys: readonly Record<string, unknown>[]): string =>
  `${JSON.stringify({ keys }, undefined, 2)}\n`

/**
 * Adds a key that signs from now on; the others only verify, so that tokens in use go on holding.
 * @throws KeystoreError when the text is not a keystore
 */
export function rotateKeystore(text: string, key: Record<string, unknown>): string {
  const older = parseKeySet(text).map((jwk) => Object.assign(jwk, { key_ops: verifying(jwk) }))
  if (older.some(({ kid }) => kid === key["kid"])) throw new KeystoreError("the key id is in use")
  return keystoreText([key, ...older])
}

const verifying = ({ key_ops: operations = ["verify"] }: { key_ops?: string[] | undefined }) =>
  operations.filter((operation) => operation !== "sign")
