import { once } from "node:events"
import { createServer, type Server, type ServerResponse } from "node:http"
import { afterAll, beforeAll } from "vitest"
import { openIdProvider } from "@spinor/local/openid-provider"
import { configuration } from "./service.ts"

const ACCOUNTS = [
  { sub: "sub-alice", preferredUsername: "alice", name: "Alice" },
  { sub: "sub-mallory", preferredUsername: "mallory", name: "Mallory" },
]

/** A real OpenID provider for a suite, at which one account signs in at once. */
export interface TestProvider {
  /** The configuration of a service whose VO testvo signs in there. */
  readonly configuration: typeof configuration
  /** Follows a sign-in as a browser would, up to the service's own callback. */
  signIn(url: string): Promise<string>
}

interface ProviderOptions {
  readonly account?: string
  /** What it answers when it is asked for its keys, if not with them. */
  readonly answerKeys?: (response: ServerResponse) => void
}

/** `origin` is that of the service, to which the browser comes back. */
export function useIdentityProvider(
  origin: string,
  { account = "alice", answerKeys }: ProviderOptions = {},
): TestProvider {
  let server: Server | undefined
  let issuer = ""
  beforeAll(async () => {
    let callback: ReturnType<typeof openIdProvider>["callback"] | undefined
    server = createServer((request, response) => {
      if (answerKeys && request.url === "/jwks") answerKeys(response)
      else callback?.(request, response)
    })
    server.listen(0, "127.0.0.1")
    await once(server, "listening")
    const address = server.address()
    if (typeof address !== "object" || address === null) throw new Error("no address")
    issuer = `http://127.0.0.1:${address.port}`
    callback = openIdProvider({
      issuer,
      accounts: ACCOUNTS,
      clientId: "spinor",
      redirectUris: ["device", "authorize"].map((flow) => `${origin}/api/auth/${flow}/complete`),
      approve: account,
      cookieKeys: ["test"],
    }).callback
  })
  afterAll(() => server?.close())

  return {
    get configuration() {
      const { Registry } = configuration
      const testvo = { ...Registry.testvo, IdP: { URL: issuer, ClientID: "spinor" } }
      return { ...configuration, Registry: { ...Registry, testvo } }
    },
    async signIn(url) {
      const cookies = new Map<string, string>()
      let next = url
      while (!next.startsWith(origin)) {
        const cookie = [...cookies].map((pair) => pair.join("=")).join("; ")
        const response = await fetch(next, { redirect: "manual", headers: { cookie } })
        for (const set of response.headers.getSetCookie()) {
          const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(set) ?? []
          cookies.set(name, value)
        }
        const location = response.headers.get("location")
        if (location === null)
          throw new Error(`The sign-in ends with ${response.status} at ${next}`)
        next = new URL(location, next).href
      }
      return next
    },
  }
}
