import * as z from "zod"
import { readAnswer, type Http } from "./http.ts"

/** The public client that DiracX's installations know. */
export const CLIENT_ID = "myDIRACClientID"

const Discovery = z.object({
  token_endpoint: z.string(),
  device_authorization_endpoint: z.string(),
  revocation_endpoint: z.string(),
})
export type Discovery = z.output<typeof Discovery>

const Vo = z.object({ default_group: z.string(), groups: z.record(z.string(), z.unknown()) })
const Metadata = z.object({ virtual_organizations: z.record(z.string(), Vo) })
export type Vos = z.output<typeof Metadata>["virtual_organizations"]

const UserInfo = z.object({
  sub: z.string(),
  vo: z.string(),
  dirac_group: z.string(),
  properties: z.array(z.string()),
  preferred_username: z.string(),
})
export type UserInfo = z.output<typeof UserInfo>

/** What the token endpoint gives (RFC 6749, section 5.1). */
export const Tokens = z.object({
  access_token: z.string(),
  refresh_token: z.string().nullish(),
  /** Seconds. */
  expires_in: z.number(),
})
export type Tokens = z.output<typeof Tokens>

export async function discover(http: Http): Promise<Discovery> {
  const path = "/.well-known/openid-configuration"
  return readAnswer(Discovery, await http({ method: "GET", path }))
}

/** The VOs that one can log in to, by name. */
export async function virtualOrganizations(http: Http): Promise<Vos> {
  const path = "/.well-known/dirac-metadata"
  return readAnswer(Metadata, await http({ method: "GET", path })).virtual_organizations
}

export async function userInfo(http: Http): Promise<UserInfo> {
  return readAnswer(UserInfo, await http({ method: "GET", path: "/api/auth/userinfo" }))
}

/** @throws ServiceError when the token is expired, revoked or was used before */
export async function refreshTokens(
  http: Http,
  { token_endpoint }: Discovery,
  refreshToken: string,
): Promise<Tokens> {
  const form = {
    grant_type: "refresh_token",
    refresh_token: refreshToken,
    client_id: CLIENT_ID,
  }
  return readAnswer(Tokens, await http({ method: "POST", path: token_endpoint, form }))
}

export async function revokeToken(http: Http, refreshToken: string): Promise<void> {
  const { revocation_endpoint: path } = await discover(http)
  const form = { token: refreshToken, token_type_hint: "refresh_token", client_id: CLIENT_ID }
  await http({ method: "POST", path, form })
}
