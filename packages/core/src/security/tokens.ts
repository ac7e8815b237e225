import { sign, verify } from "node:crypto"
import * as z from "zod"
import { UnauthenticatedError } from "../errors.ts"
import { epochMilliseconds, type Clock } from "../instant.ts"
import type { Keystore, KeystoreKey } from "./keystore.ts"
import { parseUuid } from "./uuid7.ts"

const Policies = z.record(z.string(), z.unknown())
const Jti = z.string().refine((text) => isUuid(text))

export const AccessTokenPayload = z.object({
  jti: Jti,
  /** Seconds since 1970. */
  exp: z.number(),
  dirac_policies: Policies.default({}),
  /** `<vo>:<subject at the VO's identity provider>`. */
  sub: z.string(),
  vo: z.string(),
  iss: z.string(),
  dirac_properties: z.array(z.string()),
  preferred_username: z.string(),
  dirac_group: z.string(),
})
export type AccessTokenPayload = z.infer<typeof AccessTokenPayload>

export const RefreshTokenPayload = z.object({
  jti: Jti,
  /** Seconds since 1970. */
  exp: z.number(),
  dirac_policies: Policies.default({}),
  /** Whether it came from legacy DIRAC: such a token is not rotated. */
  legacy_exchange: z.boolean(),
})
export type RefreshTokenPayload = z.infer<typeof RefreshTokenPayload>

const Header = z.looseObject({ alg: z.string(), kid: z.string().optional() })
const Times = z.object({
  exp: z.number().optional(),
  nbf: z.number().optional(),
  iat: z.number().optional(),
})

/** What a token is verified against. */
export interface Verification {
  readonly keystore: Keystore
  readonly clock: Clock
}

/** A JWT in compact form, signed with the keystore's signing key. */
export function signToken(
  payload: AccessTokenPayload | RefreshTokenPayload,
  { signingKey: { algorithm, kid, digest, key } }: Keystore,
): string {
  const input = `${segment({ typ: "JWT", alg: algorithm, kid })}.${segment(payload)}`
  return `${input}.${sign(digest, Buffer.from(input), key).toString("base64url")}`
}

/** @throws UnauthenticatedError "Invalid JWT" for whatever is wrong with it */
export function verifyAccessToken(
  token: string,
  { issuer, ...verification }: Verification & { readonly issuer: string },
): AccessTokenPayload {
  const claims = check(token, verification)
  const { success, data } = AccessTokenPayload.safeParse(typeof claims === "string" ? {} : claims)
  if (!success || data.iss !== issuer) throw new UnauthenticatedError("Invalid JWT")
  return data
}

/** @throws UnauthenticatedError with the sentence that DiracX sends to a client whose refresh token does not hold */
export function verifyRefreshToken(token: string, verification: Verification): RefreshTokenPayload {
  const claims = check(token, verification)
  if (typeof claims === "string") throw new UnauthenticatedError(claims, { challenge: true })
  const { success, data, error } = RefreshTokenPayload.safeParse(claims)
  if (success) return data
  const claim = String(error.issues[0]?.path[0])
  const fault = Object.hasOwn(claims, claim) ? "invalid" : "missing"
  const sentence = `${fault}_claim: ${fault === "invalid" ? "Invalid" : "Missing"} claim: '${claim}'`
  throw new UnauthenticatedError(sentence, { challenge: true })
}

/** The claims of a token whose signature and times hold; otherwise what is wrong, in joserfc's words. */
function check(token: string, { keystore, clock }: Verification): object | string {
  const parts = token.split(".")
  const [head = "", body = "", signature = ""] = parts
  if (parts.length !== 3) return "decode_error: Invalid JSON Web Signature"
  const header = Header.safeParse(json(head))
  if (!header.success) return "decode_error: Invalid header"
  const { alg, kid, crit } = header.data
  if (!keystore.allowedAlgorithms.includes(alg)) {
    return `unsupported_algorithm: Algorithm of '${alg}' is not allowed`
  }
  if (crit !== undefined) return "unsupported_header: Unsupported 'crit' in header"
  const key = keystore.verificationKey(kid, alg)
  if (!key) return `invalid_key_id: No key for kid: '${kid ?? "None"}'`
  if (!isSigned(`${head}.${body}`, signature, key)) return "bad_signature: "
  const claims = json(body)
  if (typeof claims !== "object" || claims === null || Array.isArray(claims)) {
    return "invalid_payload: "
  }
  return faultOfTimes(claims, Math.floor(epochMilliseconds(clock()) / 1000)) ?? claims
}

function isSigned(input: string, signature: string, { digest, key }: KeystoreKey): boolean {
  const bytes = Buffer.from(signature, "base64url")
  // Only one spelling of a signature is accepted: a token cannot be varied.
  if (bytes.toString("base64url") !== signature) return false
  return verify(digest, Buffer.from(input), key, bytes)
}

function faultOfTimes(claims: object, now: number): string | undefined {
  const times = Times.safeParse(claims)
  if (!times.success) {
    const claim = String(times.error.issues[0]?.path[0])
    return `invalid_claim: Claim '${claim}' must be a NumericDate value`
  }
  const { exp, nbf, iat } = times.data
  if (exp !== undefined && exp <= now) return "expired_token: The token is expired"
  if (nbf !== undefined && nbf > now) return "invalid_claim: The token is not yet valid"
  if (iat !== undefined && iat > now) return "invalid_claim: The token was issued in the future"
  return undefined
}

const segment = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url")

function json(segment: string): unknown {
  try {
    return JSON.parse(Buffer.from(segment, "base64url").toString())
  } catch {
    return undefined
  }
}

function isUuid(text: string): boolean {
  try {
    return parseUuid(text).length > 0
  } catch {
    return false
  }
}
