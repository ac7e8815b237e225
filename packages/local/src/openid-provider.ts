import { generateKeyPairSync } from "node:crypto"
import type { IncomingMessage, ServerResponse } from "node:http"
import { interactionPolicy, Provider, type Configuration } from "oidc-provider"
import { errorPage, loginPage, type Account } from "./openid-pages.ts"
import { openIdStore } from "./openid-store.ts"

export type OpenIdProviderOptions = {
  /** Where the service mounts the provider, path included: http://127.0.0.1:8000/idp */
  issuer: string
  accounts: readonly Account[]
  /** The one client, public: it proves itself with PKCE. */
  clientId: string
  redirectUris: readonly string[]
  /** The preferred username that is signed in at once, without a page. The caller sees to loopback only. */
  approve?: string
  /** They sign the cookies of a login under way; the first one signs new ones. */
  cookieKeys: readonly string[]
}

/** An OpenID provider for development: whoever opens its page picks an account. All is gone when the process ends. */
export function openIdProvider(options: OpenIdProviderOptions): {
  callback: (request: IncomingMessage, response: ServerResponse) => void
} {
  const provider = new Provider(options.issuer, configuration(options))
  const handle = provider.callback()
  const signIn = signInHandler(provider, options)
  const mount = mountPath(options.issuer)

  function callback(request: IncomingMessage & { originalUrl?: string }, response: ServerResponse) {
    // The provider routes by `url` and builds its own URLs from `originalUrl`.
    request.originalUrl = request.url ?? "/"
    request.url = request.originalUrl.slice(mount.length) || "/"
    request.headers.cookie = withoutSession(request.headers.cookie)
    if (request.url.startsWith("/interaction/")) void signIn(request, response)
    else void handle(request, response)
  }
  return { callback }
}

/** No login remembers the one before: a browser can be alice's now and bob's next. */
const withoutSession = (cookies = ""): string =>
  cookies
    .split("; ")
    .filter((cookie) => !cookie.startsWith("_session"))
    .join("; ")

const mountPath = (issuer: string): string => new URL(issuer).pathname.replace(/\/$/, "")

function configuration(options: OpenIdProviderOptions): Configuration {
  const { issuer, accounts, clientId, redirectUris, cookieKeys } = options
  return {
    adapter: openIdStore(),
    clients: [
      { client_id: clientId, redirect_uris: [...redirectUris], token_endpoint_auth_method: "none" },
    ],
    cookies: { keys: [...cookieKeys] },
    jwks: { keys: [signingKey()] },
    claims: { openid: ["sub"], profile: ["preferred_username", "name"] },
    // The profile belongs into the ID token: DiracX reads no other place.
    conformIdTokenClaims: false,
    findAccount: (_, sub) => {
      const account = accounts.find((account) => account.sub === sub)
      if (account === undefined) return undefined
      const { preferredUsername: preferred_username, name } = account
      return { accountId: sub, claims: () => ({ sub, preferred_username, name }) }
    },
    pkce: { required: () => true },
    ttl: {
      AccessToken: 300,
      AuthorizationCode: 60,
      Grant: 600,
      IdToken: 300,
      Interaction: 600,
      Session: 600,
    },
    features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: false } },
    interactions: {
      policy: withoutConsent(),
      url: (_, { uid }) => `${mountPath(issuer)}/interaction/${uid}`,
    },
    async loadExistingGrant({ oidc: { provider, client, session } }) {
      if (client === undefined || session?.accountId === undefined) return undefined
      const grant = new provider.Grant({
        clientId: client.clientId,
        accountId: session.accountId,
      })
      grant.addOIDCScope("openid profile")
      await grant.save()
      return grant
    },
    renderError(ctx, { error, error_description = "" }) {
      ctx.type = "html"
      ctx.body = errorPage(error, error_description)
    },
  }
}

/** RSA, because RS256 is what every client of an OpenID provider must understand. */
function signingKey() {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 })
  return { ...privateKey.export({ format: "jwk" }), alg: "RS256", use: "sig" }
}

/** Whoever signs in has agreed, as the client is the service itself. */
function withoutConsent(): interactionPolicy.DefaultPolicy {
  const policy = interactionPolicy.base()
  policy.remove("consent")
  return policy
}

function signInHandler(provider: Provider, { accounts, approve }: OpenIdProviderOptions) {
  const approved = accounts.find(({ preferredUsername }) => preferredUsername === approve)
  if (approve !== undefined && approved === undefined) {
    throw new Error(`There is no account to approve: ${approve}`)
  }

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      await provider.interactionDetails(request, response)
      const account = approved ?? (await chosenAccount(request, accounts))
      if (account === undefined) return sendPage(response, 200, loginPage(accounts))
      const result = { login: { accountId: account.sub } }
      await provider.interactionFinished(request, response, result)
    } catch {
      const advice = "This login is over or began in another browser. Please start again."
      sendPage(response, 400, errorPage("No login under way", advice))
    }
  }
}

/** The account whose button was pressed. */
async function chosenAccount(
  request: IncomingMessage,
  accounts: readonly Account[],
): Promise<Account | undefined> {
  if (request.method !== "POST") return undefined
  let body = ""
  for await (const chunk of request) {
    body += String(chunk)
    if (body.length > 1_000) return undefined
  }
  const sub = new URLSearchParams(body).get("sub")
  return accounts.find((account) => account.sub === sub)
}

function sendPage(response: ServerResponse, status: number, page: string): void {
  response.writeHead(status, {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy":
      "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "cache-control": "no-store",
  })
  response.end(page)
}
