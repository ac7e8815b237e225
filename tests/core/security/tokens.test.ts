import { describe, expect, it } from "vitest"
import { UnauthenticatedError } from "@spinor/core/errors"
import { instant } from "@spinor/core/instant"
import { parseKeystore } from "@spinor/core/security/keystore"
import { keystoreText, newSigningKey } from "@spinor/core/security/new-keys"
import {
  signToken,
  verifyAccessToken,
  verifyRefreshToken,
  type AccessTokenPayload,
} from "@spinor/core/security/tokens"

const clock = () => instant("2026-11-21T08:00:00Z")
const NOW = Date.parse("2026-11-21T08:00:00Z") / 1000
const issuer = "https://spinor.example"

const access: AccessTokenPayload = {
  jti: "018f3e2a-7c01-7abc-9def-0123456789ab",
  exp: NOW + 1200,
  dirac_policies: {},
  sub: "lhcb:sub-alice",
  vo: "lhcb",
  iss: issuer,
  dirac_properties: ["NormalUser"],
  preferred_username: "alice",
  dirac_group: "lhcb_user",
}
const refresh = { jti: access.jti, exp: NOW + 3600, dirac_policies: {}, legacy_exchange: false }

const keystore = parseKeystore(keystoreText([newSigningKey("Ed25519", "kid1")]))
const verification = { keystore, clock, issuer }

/** Signed like any other token, whatever is in it. */
const signed = (claims: object) => signToken(claims as AccessTokenPayload, keystore)
const without = (claim: keyof typeof access) => {
  const { [claim]: _, ...rest } = access
  return rest
}

describe.each(["Ed25519", "RS256"] as const)("a token signed with %s", (algorithm) => {
  const own = parseKeystore(keystoreText([newSigningKey(algorithm, "k")]))

  it("has the header and the claims of DiracX", () => {
    const [header = "", payload = ""] = signToken(access, own).split(".")
    expect(JSON.parse(Buffer.from(header, "base64url").toString())).toEqual({
      typ: "JWT",
      alg: algorithm,
      kid: "k",
    })
    expect(JSON.parse(Buffer.from(payload, "base64url").toString())).toEqual(access)
  })

  it("is verified", () => {
    const token = signToken(access, own)
    expect(verifyAccessToken(token, { keystore: own, clock, issuer })).toEqual(access)
  })

  it("is not verified by another key of the same id", () => {
    const token = signToken(access, parseKeystore(keystoreText([newSigningKey(algorithm, "k")])))
    expect(() => verifyAccessToken(token, { keystore: own, clock, issuer })).toThrow("Invalid JWT")
  })
})

describe("an access token", () => {
  it("may have other claims, and no policies", () => {
    const token = signed({ ...without("dirac_policies"), aud: "x", iat: NOW })
    expect(verifyAccessToken(token, verification)).toEqual(access)
  })

  const [head = "", body = "", signature = ""] = signed(access).split(".")
  const header = (claims: object) => Buffer.from(JSON.stringify(claims)).toString("base64url")

  it.each([
    ["garbage", "abc"],
    ["nothing", ""],
    ["no JWS", "a.b.c"],
    ["of five parts", `${head}.${body}.${signature}.x.y`],
    ["expired", signed({ ...access, exp: NOW })],
    ["without exp", signed(without("exp"))],
    ["with exp in a text", signed({ ...access, exp: String(NOW + 9) })],
    ["not valid yet", signed({ ...access, nbf: NOW + 60 })],
    ["of the future", signed({ ...access, iat: NOW + 60 })],
    ["of another issuer", signed({ ...access, iss: "https://other" })],
    ["without issuer", signed(without("iss"))],
    ["without subject", signed(without("sub"))],
    ["without VO", signed(without("vo"))],
    ["without group", signed(without("dirac_group"))],
    ["without properties", signed(without("dirac_properties"))],
    ["without user name", signed(without("preferred_username"))],
    ["without id", signed(without("jti"))],
    ["whose id is no UUID", signed({ ...access, jti: "1" })],
    ["that refreshes", signed(refresh)],
    ["whose claims are a list", signed([])],
    ["with the algorithm none", `${header({ alg: "none" })}.${body}.`],
    ["with the algorithm EdDSA", `${header({ alg: "EdDSA", kid: "kid1" })}.${body}.${signature}`],
    [
      "with HS256 and the public key",
      `${header({ alg: "HS256", kid: "kid1" })}.${body}.${signature}`,
    ],
    ["of an unknown key", `${header({ alg: "Ed25519", kid: "other" })}.${body}.${signature}`],
    [
      "with extensions",
      `${header({ alg: "Ed25519", kid: "kid1", crit: ["x"] })}.${body}.${signature}`,
    ],
    ["without signature", `${head}.${body}.`],
    ["with changed claims", `${head}.${header({ ...access, vo: "other" })}.${signature}`],
    ["whose signature is spelt otherwise", `${head}.${body}.${signature}=`],
  ])("%s is refused", (_, token) => {
    expect(() => verifyAccessToken(token, verification)).toThrow(
      new UnauthenticatedError("Invalid JWT"),
    )
  })
})

describe("a refresh token", () => {
  it("is verified, whoever issued it", () => {
    expect(verifyRefreshToken(signed(refresh), verification)).toEqual(refresh)
  })

  it.each([
    ["abc", "decode_error: Invalid JSON Web Signature"],
    [signed({ ...refresh, exp: NOW - 60 }), "expired_token: The token is expired"],
    [signed(access), "missing_claim: Missing claim: 'legacy_exchange'"],
    [signed({ ...refresh, exp: undefined }), "missing_claim: Missing claim: 'exp'"],
    [signed({ ...refresh, jti: "x" }), "invalid_claim: Invalid claim: 'jti'"],
  ])("%j is refused with DiracX's sentence and a challenge", (token, sentence) => {
    expect(() => verifyRefreshToken(token, verification)).toThrow(
      new UnauthenticatedError(sentence, { challenge: true }),
    )
  })
})
