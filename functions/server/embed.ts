import { access, constants, mkdir } from "node:fs/promises"
import { join, resolve } from "node:path"
import { pathToFileURL } from "node:url"
import { systemClock } from "@spinor/core/instant"
import { systemRandom } from "@spinor/core/security/random"
import { SettingsError, type Settings } from "@spinor/core/settings/settings"
import { encodedPath } from "@spinor/db/sql/url"
import { DEMO_ACCOUNTS, DEMO_CLIENT_ID, keepDemoConfiguration } from "@spinor/local/demo"
import { openIdProvider } from "@spinor/local/openid-provider"
import { keepSecrets } from "@spinor/local/secrets"

/** Where the embedded OpenID provider is mounted. */
export const IDP_PATH = "/idp"

const CALLBACKS = ["/api/auth/device/complete", "/api/auth/authorize/complete"]
/** Where the API reference page takes its code. */
const DOCS_REDIRECT = "/api/docs/oauth2-redirect"
const NAMES = DEMO_ACCOUNTS.map(({ preferredUsername }) => preferredUsername)
export const LOOPBACK = /^(127(\.\d+){3}|::1|localhost)$/

/** What a server on one machine brings with it. */
export interface Embedded {
  /** The settings, with what was missing filled in. */
  readonly settings: Settings
  readonly provider: ReturnType<typeof openIdProvider>
}

/**
 * Makes the parts that the environment does not name: keys, a SQLite file, the demo's configuration
 * and an OpenID provider, all in the data folder.
 * @throws SettingsError when the folder cannot be written, or logins would be open to the network
 */
export async function embed(settings: Settings, origin: string): Promise<Embedded> {
  const folder = resolve(settings.SPINOR_DATA_DIR)
  const approve = settings.SPINOR_IDP_APPROVE
  if (approve !== undefined && !LOOPBACK.test(settings.HOST)) {
    throw new SettingsError(["SPINOR_IDP_APPROVE is for HOST on the loopback interface only"])
  }
  if (approve !== undefined && !NAMES.includes(approve)) {
    throw new SettingsError([`SPINOR_IDP_APPROVE: there is no ${approve}; use ${NAMES.join(", ")}`])
  }
  await makeWritable(folder)
  const secrets = await keepSecrets(folder, systemRandom)
  const repository = join(folder, "config")
  await keepDemoConfiguration(repository, { idpUrl: `${origin}${IDP_PATH}`, clock: systemClock })
  return {
    settings: {
      ...settings,
      DIRACX_CONFIG_BACKEND_URL: `git+${pathToFileURL(repository).href}`,
      DIRACX_SERVICE_AUTH_TOKEN_KEYSTORE:
        settings.DIRACX_SERVICE_AUTH_TOKEN_KEYSTORE ?? secrets.keystore,
      DIRACX_SERVICE_AUTH_STATE_KEY: settings.DIRACX_SERVICE_AUTH_STATE_KEY ?? secrets.stateKey,
      DIRACX_SERVICE_AUTH_ALLOWED_REDIRECTS:
        settings.DIRACX_SERVICE_AUTH_ALLOWED_REDIRECTS ?? urls(origin, settings, [DOCS_REDIRECT]),
      SPINOR_SANDBOX_STORE: settings.SPINOR_SANDBOX_STORE ?? (hasBucket(settings) ? "s3" : "disk"),
      commonDatabaseUrl: settings.commonDatabaseUrl ?? fileUrl(join(folder, "spinor.db")),
    },
    provider: openIdProvider({
      issuer: `${origin}${IDP_PATH}`,
      accounts: DEMO_ACCOUNTS,
      clientId: DEMO_CLIENT_ID,
      redirectUris: urls(origin, settings, CALLBACKS),
      cookieKeys: [secrets.cookieKey],
      ...(approve !== undefined && { approve }),
    }),
  }
}

const hasBucket = (settings: Settings): boolean =>
  settings.DIRACX_SANDBOX_STORE_BUCKET_NAME !== undefined ||
  settings.DIRACX_SANDBOX_STORE_S3_CLIENT_KWARGS !== undefined

/** @throws SettingsError when the data folder cannot be written */
export async function makeWritable(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await access(folder, constants.W_OK)
  } catch {
    throw new SettingsError([`SPINOR_DATA_DIR: the folder ${folder} cannot be written`])
  }
}

const fileUrl = (path: string): string => `sqlite+aiosqlite:///${encodedPath(path)}`

/** The service's own URLs for the paths, under each of the names by which a browser may know it. */
function urls(
  origin: string,
  { SPINOR_PUBLIC_URL: publicUrl }: Settings,
  paths: readonly string[],
): string[] {
  const localhost = origin.replace(/\/\/(127\.0\.0\.1|\[::1\])/, "//localhost")
  const origins = new Set([origin, localhost, ...(publicUrl === undefined ? [] : [publicUrl])])
  return [...origins].flatMap((each) => paths.map((path) => `${each}${path}`))
}
