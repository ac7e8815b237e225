import { describe, expect, it } from "vitest"
import * as z from "zod"
import { parseConfig } from "@spinor/core/config/schema"
import { SpinorError } from "@spinor/core/errors"
import { instantOfEpoch } from "@spinor/core/instant"
import { sha256Hex } from "@spinor/core/security/digest"
import { codeChallenge } from "@spinor/core/security/pkce"
import { SECURITY_PROPERTIES } from "@spinor/core/security/properties"
import { parseScope, propertiesOfUser } from "@spinor/core/security/scope"
import { instantOfUuid7, lowestUuid7 } from "@spinor/core/security/uuid7"
import { unitVectorsOf, type KindVector } from "../../support/vectors.ts"
import { parseExpression } from "./property-expression-text.ts"

const vectors = unitVectorsOf("security.json")
const config = parseConfig({
  DIRAC: {},
  Registry: vectors.find(({ input }) => input.kind === "registry")?.output,
})

describe("the security of DiracX", () => {
  it.each(vectors.map((vector) => [vector.name, vector] as const))("%s", (_, vector) => {
    const check = checks[vector.input.kind]
    if (!check) throw new Error(`No check for the kind ${vector.input.kind}`)
    check(vector)
  })
})

const checks: Record<string, (vector: KindVector) => void> = {
  registry() {
    expect(Object.keys(config.Registry)).toEqual(["gridpp", "lhcb"])
  },
  properties({ output }) {
    expect({ values: [...SECURITY_PROPERTIES].sort() }).toEqual(output)
  },
  property_expression({ input, output }) {
    const { text } = z.object({ text: z.string() }).parse(input)
    const { by_held_properties: answers } = z
      .object({ by_held_properties: z.record(z.string(), z.union([z.number(), z.boolean()])) })
      .parse(output)
    const expression = parseExpression(text)
    for (const [held, answer] of Object.entries(answers)) {
      expect([held, expression(new Set(held.split(",")))]).toEqual([held, Boolean(answer)])
    }
  },
  parse_and_validate_scope({ input, output, error }) {
    const { scope, available_properties: available } = z
      .object({ scope: z.string(), available_properties: z.array(z.string()).optional() })
      .parse(input)
    const parse = () => parseScope(scope, config, new Set(available ?? SECURITY_PROPERTIES))
    if (error) expect(messageOf(parse)).toBe(withRegistryOrder(error.message))
    else expect(parse()).toEqual(output)
  },
  get_allowed_user_properties({ input, output }) {
    const { vo, sub } = z.object({ vo: z.string(), sub: z.string() }).parse(input)
    expect({ properties: propertiesOfUser(config, vo, sub) }).toEqual(output)
  },
  uuid7_to_datetime({ input, output, error }) {
    const { uuid } = z.object({ uuid: z.string() }).parse(input)
    if (error) {
      expect(() => instantOfUuid7(uuid)).toThrow(RangeError)
    } else {
      const { datetime } = z.object({ datetime: z.string() }).parse(output)
      expect(instantOfUuid7(uuid)).toBe(instantOfEpoch(Date.parse(datetime)))
    }
  },
  uuid7_from_datetime({ input, output, error }) {
    const { datetime } = z.object({ datetime: z.string() }).parse(input)
    const make = () => ({ uuid: lowestUuid7(instantOfEpoch(Date.parse(datetime))) })
    if (error) expect(make).toThrow(RangeError)
    else expect(make()).toEqual(output)
  },
  pkce({ input, output }) {
    const { code_verifier: verifier } = z.object({ code_verifier: z.string() }).parse(input)
    expect({ code_challenge_S256: codeChallenge(verifier) }).toEqual(output)
  },
  db_hash({ input, output }) {
    const { text } = z.object({ text: z.string() }).parse(input)
    expect({ sha256_hex: sha256Hex(text) }).toEqual(output)
  },
}

/** The registry's vector is in sorted order, the configuration that DiracX was asked with was not. */
const withRegistryOrder = (message: string | undefined) =>
  message?.replace("'vo:lhcb' 'vo:gridpp'", "'vo:gridpp' 'vo:lhcb'")

function messageOf(action: () => unknown): string {
  try {
    action()
  } catch (error) {
    if (error instanceof SpinorError) return error.message
    throw error
  }
  throw new Error("It was accepted")
}
