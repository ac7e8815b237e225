import * as z from "zod"
import { nullableText, text } from "./lax.ts"

/** What the token endpoint takes (RFC 6749, RFC 7636 and RFC 8628). */
export const TokenRequest = z
  .object({
    grant_type: z
      .enum(
        ["authorization_code", "urn:ietf:params:oauth:grant-type:device_code", "refresh_token"],
        "unsupported_grant_type",
      )
      // DiracX gives each constant an alternative of its own.
      .meta({ openapi: { anyOf: [{ type: "string" }, { type: "string" }, { type: "string" }] } }),
    client_id: text,
    device_code: nullableText,
    code: nullableText,
    redirect_uri: nullableText,
    code_verifier: nullableText,
    refresh_token: nullableText,
  })
  .meta({ id: "Body_auth_get_oidc_token" })
export type TokenRequest = z.output<typeof TokenRequest>

/** What the revocation endpoint takes (RFC 7009). */
export const RevocationRequest = z
  .object({
    token: text,
    token_type_hint: nullableText,
    client_id: text.default("myDIRACClientID"),
  })
  .meta({ id: "Body_auth_revoke_refresh_token_by_refresh_token" })
export type RevocationRequest = z.output<typeof RevocationRequest>

export const TokenResponse = z
  .object({
    access_token: text,
    /** Seconds. */
    expires_in: z.int(),
    token_type: text.default("Bearer"),
    refresh_token: nullableText,
  })
  .meta({ id: "TokenResponse" })
export type TokenResponse = z.output<typeof TokenResponse>

export const InitiateDeviceFlowResponse = z
  .object({
    user_code: text,
    device_code: text,
    verification_uri_complete: text,
    verification_uri: text,
    /** Seconds. */
    expires_in: z.int(),
  })
  .meta({ id: "InitiateDeviceFlowResponse" })
export type InitiateDeviceFlowResponse = z.output<typeof InitiateDeviceFlowResponse>

export const UserInfoResponse = z
  .object({
    sub: text,
    vo: text,
    dirac_group: text,
    policies: z.record(z.string(), z.unknown()),
    properties: z.array(text),
    preferred_username: text,
  })
  .meta({ id: "UserInfoResponse" })
export type UserInfoResponse = z.output<typeof UserInfoResponse>

/** OpenID Provider metadata (OpenID Connect Discovery 1.0, section 3). */
export const OpenIDConfiguration = z
  .object({
    issuer: text,
    token_endpoint: text,
    userinfo_endpoint: text,
    authorization_endpoint: text,
    device_authorization_endpoint: text,
    revocation_endpoint: text,
    jwks_uri: text,
    grant_types_supported: z.array(text),
    scopes_supported: z.array(text),
    response_types_supported: z.array(text),
    token_endpoint_auth_signing_alg_values_supported: z.array(text),
    token_endpoint_auth_methods_supported: z.array(text),
    code_challenge_methods_supported: z.array(text),
  })
  .meta({ id: "OpenIDConfiguration" })
export type OpenIDConfiguration = z.output<typeof OpenIDConfiguration>

const GroupInfo = z.object({ properties: z.array(text) }).meta({ id: "GroupInfo" })

const SupportInfo = z
  .object({ message: text, webpage: z.nullable(text), email: z.nullable(text) })
  .meta({ id: "SupportInfo" })

const VOInfo = z
  .object({
    groups: z.record(z.string(), GroupInfo),
    support: SupportInfo,
    default_group: text,
  })
  .meta({ id: "VOInfo" })

/** The VOs of an installation. */
export const Metadata = z
  .object({ virtual_organizations: z.record(z.string(), VOInfo) })
  .meta({ id: "Metadata" })
export type Metadata = z.output<typeof Metadata>
