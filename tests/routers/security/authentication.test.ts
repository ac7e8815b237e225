import { createHmac, createPublicKey } from "node:crypto"
import { describe, expect, it } from "vitest"
import { systemRandom } from "@spinor/core/security/random"
import { signToken } from "@spinor/core/security/tokens"
import { uuid7 } from "@spinor/core/security/uuid7"
import { allOperations } from "@spinor/routers/services"
import { useDatabase } from "../../support/database.ts"
import { noDatabases } from "../../support/no-databases.ts"
import { newKeystore, serviceOn, type Service } from "../../support/service.ts"

const operations = await allOperations()

const now = () => Math.floor(Date.now() / 1000)

const segment = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url")

/** The claims of a good token, without its signature. */
const claimsOf = (service: Service): Record<string, unknown> =>
  JSON.parse(Buffer.from(service.tokenFor().split(".")[1] ?? "", "base64url").toString())

const unsigned = (service: Service, header: object) =>
  `${segment(header)}.${segment(claimsOf(service))}.`

const publicKeyOf = ({ deps }: Service) => deps.keystore.publicKeys.keys[0] ?? {}

function signedByHmac(service: Service, secret: string | Buffer): string {
  const input = unsigned(service, { typ: "JWT", alg: "HS256", kid: "test" }).slice(0, -1)
  return `${input}.${createHmac("sha256", secret).update(input).digest("base64url")}`
}

/** What is no access token of the service; DiracX's tokens name no audience. */
const forgeries: Record<string, (service: Service) => string> = {
  garbage: () => "garbage",
  "an expired token": (service) => service.tokenFor({}, { exp: now() - 1 }),
  "a token of another issuer": (service) => service.tokenFor({}, { iss: "https://other" }),
  "a token with another signature": (service) =>
    signToken(claimsOf(service) as never, newKeystore()),
  "a token with alg none": (service) => unsigned(service, { typ: "JWT", alg: "none" }),
  "a token signed with the public key, as JSON, as a secret": (service) =>
    signedByHmac(service, JSON.stringify(publicKeyOf(service))),
  "a token signed with the public key, in PEM, as a secret": (service) => {
    const key = createPublicKey({ key: publicKeyOf(service), format: "jwk" })
    return signedByHmac(service, key.export({ type: "spki", format: "pem" }))
  },
  "a token signed with a key that the service does not have": (service) =>
    signToken(claimsOf(service) as never, newKeystore("Ed25519", "unknown")),
  "a token whose claims were changed": (service) => {
    const [header, , signature] = service.tokenFor().split(".")
    return `${header}.${segment({ ...claimsOf(service), dirac_group: "admin" })}.${signature}`
  },
  "a token without a time of expiry": (service) =>
    signToken({ ...claimsOf(service), exp: undefined } as never, service.deps.keystore),
  "a token without a group": (service) =>
    signToken({ ...claimsOf(service), dirac_group: undefined } as never, service.deps.keystore),
  "a refresh token": (service) =>
    signToken(
      {
        jti: uuid7(service.deps.clock(), systemRandom),
        exp: now() + 60,
        legacy_exchange: false,
        dirac_policies: {},
      },
      service.deps.keystore,
    ),
}

const guarded = operations.filter(({ authenticated }) => authenticated)

describe.each(guarded.map(({ config }) => config))("$operationId", ({ method, path }) => {
  const database = useDatabase("sqlite")
  const call = (headers: Record<string, string>) =>
    serviceOn(database.sql).call(method.toUpperCase(), path.replaceAll(/\{\w+\}/g, "1"), {
      headers,
    })

  it("asks for a token", async () => {
    const answer = await call({})
    expect(answer).toMatchObject({
      status: 401,
      body: { detail: "Authorization header is missing" },
    })
    expect(answer.headers.get("www-authenticate")).toBe("Bearer")
  })

  it.each(Object.keys(forgeries))("refuses %s", async (forgery) => {
    const token = forgeries[forgery]?.(serviceOn(database.sql)) ?? ""
    const answer = await call({ authorization: `Bearer ${token}` })
    expect(answer).toMatchObject({ status: 401, body: { detail: "Invalid JWT" } })
    expect(answer.headers.get("www-authenticate")).toBeNull()
  })

  it("refuses another scheme, and a Bearer without a token", async () => {
    expect((await call({ authorization: "Basic YTpi" })).status).toBe(401)
    expect(await call({ authorization: "Bearer" })).toMatchObject({
      status: 400,
      body: { detail: "Invalid authorization header" },
    })
  })
})

it("takes the scheme in any case, and both algorithms", async () => {
  for (const algorithm of ["Ed25519", "RS256"] as const) {
    const service = serviceOn(noDatabases, { keystore: newKeystore(algorithm) })
    const headers = { authorization: `bearer ${service.tokenFor()}` }
    expect((await service.call("GET", "/api/auth/userinfo", { headers })).status).toBe(200)
  }
})
