import { createHash, createPrivateKey, createPublicKey, type KeyObject } from "node:crypto"
import { readFile } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import * as z from "zod"

// Tokens are signed and verified with node:crypto alone: it takes JWKs as they are, is synchronous, and
// costs nothing at import, where jose adds 20 to 30 ms to the start of every function.

/** The keystore of the configuration is missing, unreadable or of no use; the message holds no key. */
export class KeystoreError extends Error {
  override readonly name = "KeystoreError"
}

/** What `DIRACX_SERVICE_AUTH_TOKEN_ALLOWED_ALGORITHMS` is when unset. */
const DEFAULT_ALGORITHMS: readonly string[] = ["RS256", "Ed25519"]

/** Digest for node:crypto of the algorithms that Spinor signs and verifies; EdDSA has its own inside. */
const DIGESTS: Readonly<Record<string, string | null>> = {
  RS256: "sha256",
  Ed25519: null,
  EdDSA: null,
}

const PRIVATE_MEMBERS = new Set(["d", "p", "q", "dp", "dq", "qi", "oth", "k"])

const Jwk = z.looseObject({
  kty: z.string(),
  kid: z.string().optional(),
  alg: z.string().optional(),
  use: z.string().optional(),
  key_ops: z.array(z.string()).optional(),
})
type Jwk = z.infer<typeof Jwk>
type NamedJwk = Jwk & { kid: string }

const KeySet = z.object({ keys: z.array(Jwk).min(1) })

/** One key of a keystore that fits an algorithm. */
export interface KeystoreKey {
  readonly kid: string
  readonly algorithm: string
  /** For node:crypto's sign and verify; null where the algorithm brings its own. */
  readonly digest: string | null
  readonly key: KeyObject
}

/** Signing and verification keys of the service, read once at start. */
export interface Keystore {
  /** The body of `/.well-known/jwks.json`: every key without its private members. */
  readonly publicKeys: { readonly keys: readonly Readonly<Record<string, unknown>>[] }
  readonly allowedAlgorithms: readonly string[]
  /** The first key whose key_ops hold "sign". */
  readonly signingKey: KeystoreKey
  /** The key that verifies a token of this header; undefined when there is none. */
  verificationKey(kid: string | undefined, algorithm: string): KeystoreKey | undefined
}

/**
 * Reads the value of `DIRACX_SERVICE_AUTH_TOKEN_KEYSTORE`: a JWKS as JSON text, a file:// URL or a path of one.
 * @throws KeystoreError
 */
export async function loadKeystore(
  value: string,
  allowedAlgorithms: readonly string[] = DEFAULT_ALGORITHMS,
): Promise<Keystore> {
  return parseKeystore(await keystoreText(value.trim()), allowedAlgorithms)
}

async function keystoreText(value: string): Promise<string> {
  if (value.startsWith("{") || value.startsWith("[")) return value
  const scheme = /^([a-z][a-z\d+.-]*):\/\//i.exec(value)?.[1]
  if (scheme !== undefined && scheme.toLowerCase() !== "file") {
    throw new KeystoreError("the keystore must be JSON text or a file:// URL")
  }
  try {
    return await readFile(scheme === undefined ? value : fileURLToPath(value), "utf8")
  } catch (cause) {
    // What is no path may be the keys themselves, in quotes for instance.
    throw new KeystoreError("the keystore is neither JSON text nor a file that can be read", {
      cause,
    })
  }
}

/** @throws KeystoreError when it is no JWKS, or holds no key that may sign with an allowed algorithm */
export function parseKeystore(
  text: string,
  allowedAlgorithms: readonly string[] = DEFAULT_ALGORITHMS,
): Keystore {
  const keys = parseKeySet(text).map(keyOf)
  return {
    publicKeys: { keys: keys.map(({ jwk }) => publicMembers(jwk)) },
    allowedAlgorithms,
    signingKey: signingKey(
      keys.map(({ jwk }) => jwk),
      allowedAlgorithms,
    ),
    verificationKey(kid, algorithm) {
      const found =
        kid === undefined && keys.length === 1
          ? keys[0]
          : keys.find(({ jwk }) => jwk.kid === kid && (jwk.alg ?? algorithm) === algorithm)
      if (!found || !fits(found.jwk, algorithm)) return undefined
      if (found.jwk.key_ops && !found.jwk.key_ops.includes("verify")) return undefined
      return { kid: found.jwk.kid, ...signature(algorithm), key: found.publicKey() }
    },
  }
}

/** A key with its id; the public half is made when it is first asked for. */
function keyOf(jwk: Jwk): { jwk: NamedJwk; publicKey: () => KeyObject } {
  const named = { ...jwk, kid: jwk.kid ?? thumbprint(jwk) }
  let key: KeyObject | undefined
  return { jwk: named, publicKey: () => (key ??= imported(named, createPublicKey)) }
}

function signingKey(jwks: NamedJwk[], allowedAlgorithms: readonly string[]): KeystoreKey {
  const jwk = jwks.find((jwk) => jwk.key_ops?.includes("sign"))
  if (!jwk) throw new KeystoreError('the keystore holds no key with "sign" among its key_ops')
  const algorithm = jwk.alg ?? (jwk.kty === "RSA" ? "RS256" : "Ed25519")
  if (!allowedAlgorithms.includes(algorithm) || !fits(jwk, algorithm)) {
    throw new KeystoreError(
      `the signing key ${jwk.kid} is for ${algorithm}: allowed are ${allowedAlgorithms.join(", ")}`,
    )
  }
  return { kid: jwk.kid, ...signature(algorithm), key: imported(jwk, createPrivateKey) }
}

const signature = (algorithm: string) => ({ algorithm, digest: DIGESTS[algorithm] ?? null })

/** The keys of a JWKS as they are. */
export function parseKeySet(text: string): Jwk[] {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw new KeystoreError("the keystore is not JSON")
  }
  // Compiling the schema takes longer than the one reading of a process.
  const { success, data } = KeySet.safeParse(json, { jitless: true })
  if (!success) throw new KeystoreError('the keystore is not a JWKS with a filled list "keys"')
  return data.keys
}

const fits = (jwk: Jwk, algorithm: string): boolean =>
  (jwk.alg ?? algorithm) === algorithm &&
  (jwk.use ?? "sig") === "sig" &&
  (algorithm === "RS256"
    ? jwk.kty === "RSA"
    : Object.hasOwn(DIGESTS, algorithm) && jwk.kty === "OKP" && jwk["crv"] === "Ed25519")

function imported(
  jwk: NamedJwk,
  make: (input: { key: Jwk; format: "jwk" }) => KeyObject,
): KeyObject {
  try {
    return make({ key: jwk, format: "jwk" })
  } catch {
    // The cause would show members of the key.
    throw new KeystoreError(`the key ${jwk.kid} of the keystore cannot be read`)
  }
}

const publicMembers = (jwk: Jwk): Record<string, unknown> =>
  Object.fromEntries(Object.entries(jwk).filter(([name]) => !PRIVATE_MEMBERS.has(name)))

/** The key id of a key without one (RFC 7638). */
function thumbprint(jwk: Jwk): string {
  const names = { RSA: ["e", "kty", "n"], EC: ["crv", "kty", "x", "y"], oct: ["k", "kty"] }[
    jwk.kty
  ] ?? ["crv", "kty", "x"]
  const members = Object.fromEntries(names.map((name) => [name, jwk[name]]))
  return createHash("sha256").update(JSON.stringify(members)).digest("base64url")
}
