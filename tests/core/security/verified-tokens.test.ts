import { describe, expect, it } from "vitest"
import { instantOfEpoch } from "@spinor/core/instant"
import { signToken, type AccessTokenPayload } from "@spinor/core/security/tokens"
import { VerifiedTokens } from "@spinor/core/security/verified-tokens"
import { newKeystore } from "../../support/service.ts"

const ISSUER = "https://spinor.example.org"
const keystore = newKeystore()

const payload: AccessTokenPayload = {
  jti: "01997a3c-0000-7000-8000-000000000000",
  exp: 1000,
  dirac_policies: {},
  sub: "testvo:alice",
  vo: "testvo",
  iss: ISSUER,
  dirac_properties: ["NormalUser"],
  preferred_username: "alice",
  dirac_group: "user",
}

/** At 900 s since 1970, with a key store that counts how often it is asked for a key. */
function verifier(most?: number) {
  let seconds = 900
  let asked = 0
  const counting = {
    ...keystore,
    verificationKey: (...wanted: Parameters<typeof keystore.verificationKey>) => {
      asked += 1
      return keystore.verificationKey(...wanted)
    },
  }
  const clock = () => instantOfEpoch(seconds * 1000)
  const tokens = new VerifiedTokens({ keystore: counting, clock, issuer: ISSUER }, most)
  return {
    claimsOf: (token: string) => tokens.claimsOf(token),
    asked: () => asked,
    passes: (more: number) => (seconds += more),
  }
}

const tokenOf = (name: string) => signToken({ ...payload, preferred_username: name }, keystore)

describe("a token that was verified", () => {
  it("is believed without looking at its signature again", () => {
    const { claimsOf, asked } = verifier()
    const token = tokenOf("alice")
    expect([claimsOf(token), claimsOf(token)]).toEqual([payload, payload])
    expect(asked()).toBe(1)
  })

  it("is believed until it expires", () => {
    const { claimsOf, passes } = verifier()
    const token = tokenOf("alice")
    claimsOf(token)
    passes(99)
    expect(claimsOf(token)).toEqual(payload)
    passes(1)
    expect(() => claimsOf(token)).toThrow("Invalid JWT")
  })

  it("says nothing of another one", () => {
    const { claimsOf } = verifier()
    const token = tokenOf("alice")
    claimsOf(token)
    const [header, , signature] = token.split(".")
    const [, body] = tokenOf("bob").split(".")
    expect(() => claimsOf(`${header}.${body}.${signature}`)).toThrow("Invalid JWT")
    expect(claimsOf(tokenOf("bob"))).toMatchObject({ preferred_username: "bob" })
  })

  it("is forgotten when there are too many", () => {
    const { claimsOf, asked } = verifier(2)
    const [first, second, third] = ["a", "b", "c"].map(tokenOf) as [string, string, string]
    for (const token of [first, second, third, second, third]) claimsOf(token)
    expect(asked()).toBe(3)
    claimsOf(first)
    expect(asked()).toBe(4)
  })
})

it("a token that does not hold is not remembered", () => {
  const { claimsOf, asked } = verifier()
  const foreign = signToken(payload, newKeystore("Ed25519", "test"))
  expect(() => claimsOf(foreign)).toThrow("Invalid JWT")
  expect(() => claimsOf(foreign)).toThrow("Invalid JWT")
  expect(asked()).toBe(2)
})
