import type { Config } from "@spinor/core/config/schema"
import type { Metadata, OpenIDConfiguration } from "@spinor/core/models/auth"
import type { Keystore } from "@spinor/core/security/keystore"
import type { AuthSettings } from "./deps.ts"

/** OpenID Provider metadata of the service (OpenID Connect Discovery 1.0, section 3). */
export function openIdConfiguration(
  config: Config,
  settings: AuthSettings,
  keystore: Keystore,
  urlOf: (path: string) => string,
): OpenIDConfiguration {
  const vos = Object.entries(config.Registry)
  return {
    issuer: settings.tokenIssuer,
    token_endpoint: urlOf("/api/auth/token"),
    userinfo_endpoint: urlOf("/api/auth/userinfo"),
    authorization_endpoint: urlOf("/api/auth/authorize"),
    device_authorization_endpoint: urlOf("/api/auth/device"),
    revocation_endpoint: urlOf("/api/auth/revoke"),
    jwks_uri: urlOf("/.well-known/jwks.json"),
    grant_types_supported: ["authorization_code", "urn:ietf:params:oauth:grant-type:device_code"],
    scopes_supported: [
      ...vos.flatMap(([vo, { Groups }]) => [
        `vo:${vo}`,
        ...Object.keys(Groups).map((group) => `group:${group}`),
      ]),
      ...[...settings.availableProperties].map((property) => `property:${property}`),
    ],
    response_types_supported: ["code"],
    token_endpoint_auth_signing_alg_values_supported: [...keystore.allowedAlgorithms],
    token_endpoint_auth_methods_supported: ["none"],
    code_challenge_methods_supported: ["S256"],
  }
}

/** What a client must know before a login: the VOs and their groups. */
export function installationMetadata(config: Config): Metadata {
  const vos = Object.entries(config.Registry).map(([vo, { Groups, Support, DefaultGroup }]) => {
    const groups = Object.entries(Groups).map(([group, { Properties }]) => [
      group,
      { properties: [...Properties] },
    ])
    const support = { message: Support.Message, webpage: Support.Webpage, email: Support.Email }
    return [vo, { groups: Object.fromEntries(groups), support, default_group: DefaultGroup }]
  })
  return { virtual_organizations: Object.fromEntries(vos) }
}
