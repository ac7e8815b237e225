import { describe, expect, it } from "vitest"
import * as z from "zod"
import { SpinorError } from "@spinor/core/errors"
import { epochMilliseconds } from "@spinor/core/instant"
import { instantOfUuid7 } from "@spinor/core/security/uuid7"
import { AuthDB } from "@spinor/db/sql/auth/auth-db"
import { issueTokens, type Grant, type IssuedTokens } from "@spinor/logic/auth/issue"
import { useDatabase } from "../../support/database.ts"
import { fixedConfig, newKeystore, serviceOn, settings, type Json } from "../../support/service.ts"
import { serviceVectorsOf, unitVectorsOf, type KindVector } from "../../support/vectors.ts"

const Input = z.object({
  scope: z.string(),
  sub: z.string(),
  issuer: z.string(),
  key_alg: z.enum(["Ed25519", "RS256"]),
  options: z.object({
    include_refresh_token: z.boolean().default(true),
    legacy_exchange: z.boolean().default(false),
    refresh_token_expire_minutes: z.number().optional(),
  }),
})

const registry = unitVectorsOf("security.json").find(({ input }) => input.kind === "registry")
const source = fixedConfig({ DIRAC: {}, Registry: registry?.output })

const vectors = serviceVectorsOf("security.json", "exchange_token+mint_token")

describe("the tokens of DiracX", () => {
  const database = useDatabase("sqlite")

  it.each(vectors.map((vector) => [vector.name, vector] as const))(
    "%s",
    async (_, { input, output, error, isExpected }: KindVector) => {
      const { issuer, key_alg: algorithm, ...asked } = Input.parse(input)
      const { deps } = serviceOn(database.sql, {
        keystore: newKeystore(algorithm),
        settings: { ...settings, tokenIssuer: issuer },
      })
      const { config } = await source.latest()
      const issuing = database.sql.write({ auth: AuthDB }, ({ auth }) =>
        issueTokens(deps, auth, config, grantOf(asked)),
      )
      if (isExpected && error === undefined) {
        expect(await shown(await issuing)).toEqual(output)
      } else {
        const refusal: unknown = await issuing.catch((thrown: unknown) => thrown)
        expect(refusal).toBeInstanceOf(SpinorError)
        if (isExpected) expect(refusal).toMatchObject({ message: error?.message })
      }
    },
  )

  /** As the vectors show them: times of expiry by the ids, ids by their form. */
  async function shown(tokens: IssuedTokens): Promise<unknown> {
    const { access_token: access, refresh_token: refresh, ...response } = tokens
    if (refresh === null || refresh === "EXISTING") {
      return { TokenResponse: { ...response, refresh_token: refresh }, access: opened(access) }
    }
    const { jti } = segmentsOf(refresh).payload
    const row = await database.sql.read({ auth: AuthDB }, ({ auth }) => auth.refreshToken(jti))
    return {
      TokenResponse: { ...response, refresh_token: "<jwt>" },
      access: opened(access),
      refresh: opened(refresh),
      refresh_row: [
        {
          JTI: row?.jti === jti ? "<jti>" : row?.jti,
          Scope: row?.scope,
          Status: `RefreshTokenStatus.${row?.status}`,
          Sub: row?.sub,
        },
      ],
    }
  }
})

const grantOf = ({
  scope,
  sub: subject,
  options,
}: Pick<z.output<typeof Input>, "scope" | "sub" | "options">): Grant => ({
  scope,
  subject,
  ...(!options.include_refresh_token && { refreshToken: "EXISTING" }),
  ...(options.legacy_exchange && {
    legacy: { refreshTokenMinutes: options.refresh_token_expire_minutes },
  }),
})

const UUID7 = /^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/

function opened(token: string): unknown {
  const { header, payload } = segmentsOf(token)
  const made = epochMilliseconds(instantOfUuid7(payload.jti)) / 1000
  return {
    header: { ...header, kid: "kid1" },
    payload: {
      ...payload,
      jti: UUID7.test(payload.jti) ? "<uuid7, dashed lower-case>" : payload.jti,
      exp: `int(uuid7_ms(jti)/1000 + ${payload.exp - Math.floor(made)})`,
    },
  }
}

function segmentsOf(token: string): { header: Json; payload: Json } {
  const [header, payload] = token
    .split(".")
    .map((segment) => Buffer.from(segment, "base64url").toString())
  return { header: JSON.parse(header ?? ""), payload: JSON.parse(payload ?? "") }
}
