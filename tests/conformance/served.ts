import { randomUUID } from "node:crypto"
import { once } from "node:events"
import { createServer } from "node:http"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { systemClock } from "@spinor/core/instant"
import { parseKeystore } from "@spinor/core/security/keystore"
import { keystoreText, newSigningKey } from "@spinor/core/security/new-keys"
import { DEMO_ACCOUNTS, DEMO_CLIENT_ID, keepDemoConfiguration } from "@spinor/local/demo"
import { openIdProvider } from "@spinor/local/openid-provider"
import { openDeployment } from "../support/lambda/deployment.ts"
import { startGateway } from "../support/lambda/gateway.ts"
import { startServer } from "../support/server.ts"
import { serverUrl } from "../support/servers.ts"
import { serviceOn, type Caller } from "../support/service.ts"

/** The service with the demo's VO, whose provider signs alice in at once. */
export interface Served {
  readonly url: string
  /** An access token of the service. */
  readonly tokenFor: (caller: Caller) => string
  readonly stop: () => Promise<void>
}

type Variables = Readonly<Record<string, string>>

const COMMON = { SPINOR_JOBS_MAX_PER_CALL: "20" }

/** In one process, as `npm start` runs it; what no variable names is in files of its own. */
export async function serveByProcess(variables: Variables): Promise<Served> {
  const folder = await mkdtemp(join(tmpdir(), "spinor-official-"))
  const keys = keystoreText([newSigningKey("Ed25519", "official")])
  const { tokenFor } = serviceOn(undefined as never, { keystore: parseKeystore(keys) })
  const server = await startServer({
    ...COMMON,
    SPINOR_DATA_DIR: folder,
    SPINOR_IDP_APPROVE: "alice",
    DIRACX_SERVICE_AUTH_TOKEN_KEYSTORE: keys,
    ...variables,
  })
  return {
    url: server.url,
    tokenFor: (caller) => tokenFor(caller, { iss: server.url }),
    async stop() {
      await server.stop()
      await rm(folder, { recursive: true })
    },
  }
}

/** By the deployed functions behind an HTTP API, with sandboxes in S3; the variables name a MySQL. */
export async function serveByFunctions(variables: Variables): Promise<Served> {
  const folder = await mkdtemp(join(tmpdir(), "spinor-official-"))
  const deployment = await openDeployment("mysql2")
  const s3 = new URL(serverUrl("s3") ?? "")
  const env = {
    ...COMMON,
    DIRACX_CONFIG_BACKEND_URL: `git+file://${folder}/config`,
    DIRACX_SANDBOX_STORE_BUCKET_NAME: `spinor-${randomUUID().slice(0, 8)}`,
    DIRACX_SANDBOX_STORE_AUTO_CREATE_BUCKET: "true",
    AWS_ACCESS_KEY_ID: s3.username,
    AWS_SECRET_ACCESS_KEY: s3.password,
    AWS_ENDPOINT_URL_S3: s3.origin,
    ...variables,
  }
  const gateway = await startGateway((url) =>
    deployment.start("api", {
      ...env,
      SPINOR_PUBLIC_URL: url,
      DIRACX_SERVICE_AUTH_ALLOWED_REDIRECTS: JSON.stringify([`${url}/api/docs/oauth2-redirect`]),
    }),
  )
  const provider = await startProvider(gateway.url)
  await keepDemoConfiguration(join(folder, "config"), { idpUrl: provider.url, clock: systemClock })
  await (await deployment.start("migrate", env)).invoke({})
  return {
    url: gateway.url,
    tokenFor: (caller) => deployment.tokenFor(caller, gateway.url),
    async stop() {
      await gateway.stop()
      await deployment.remove()
      provider.close()
      await rm(folder, { recursive: true })
    },
  }
}

/** @param origin of the service, to which the browser comes back */
async function startProvider(origin: string): Promise<{ url: string; close: () => void }> {
  const server = createServer().listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  if (typeof address !== "object" || address === null) throw new Error("A TCP server has a port")
  const url = `http://127.0.0.1:${address.port}`
  const { callback } = openIdProvider({
    issuer: url,
    accounts: DEMO_ACCOUNTS,
    clientId: DEMO_CLIENT_ID,
    redirectUris: ["device", "authorize"].map((flow) => `${origin}/api/auth/${flow}/complete`),
    approve: "alice",
    cookieKeys: ["test"],
  })
  server.on("request", callback)
  return {
    url,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}
