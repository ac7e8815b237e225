import type { ConfigSource } from "@spinor/core/config/config-source"
import { configSource } from "@spinor/core/config/sources"
import { systemClock } from "@spinor/core/instant"
import { loadKeystore } from "@spinor/core/security/keystore"
import { SECURITY_PROPERTIES } from "@spinor/core/security/properties"
import { systemRandom } from "@spinor/core/security/random"
import { parseStateKey } from "@spinor/core/security/state-key"
import type { Settings } from "@spinor/core/settings/settings"
import type { SqlTelemetry } from "@spinor/db/sql/telemetry/telemetry"
import type { SandboxStore } from "@spinor/logic/sandboxes/store"
import type { Deps } from "@spinor/routers/deps"
import { chooseSandboxStore } from "./sandbox-store.ts"
import { composeStores, type Stores } from "./stores.ts"

/** The service, ready to be mounted. */
export interface Service extends Stores {
  readonly deps: Deps
}

export interface ServiceOptions {
  /** `iss` of the tokens where DIRACX_SERVICE_AUTH_TOKEN_ISSUER is not set. */
  readonly issuer: string | undefined
  /** Told when the configuration cannot be read. */
  readonly onProblem: (error: unknown) => void
  /** Told of what happens in databases, where it is wanted. */
  readonly sqlTelemetry?: SqlTelemetry
  /** The store on this machine's disk, where there is one and the settings want it. */
  readonly sandboxStore?: SandboxStore
}

/**
 * Makes a service of its settings. Nothing is connected before it is needed.
 * @throws SettingsError that names every variable that is missing
 */
export async function composeService(
  settings: Settings,
  { issuer, onProblem, sqlTelemetry, sandboxStore }: ServiceOptions,
): Promise<Service> {
  const tokenIssuer = settings.DIRACX_SERVICE_AUTH_TOKEN_ISSUER ?? issuer
  const required = {
    DIRACX_CONFIG_BACKEND_URL: settings.DIRACX_CONFIG_BACKEND_URL,
    DIRACX_SERVICE_AUTH_TOKEN_KEYSTORE: settings.DIRACX_SERVICE_AUTH_TOKEN_KEYSTORE,
    DIRACX_SERVICE_AUTH_STATE_KEY: settings.DIRACX_SERVICE_AUTH_STATE_KEY,
    "SPINOR_PUBLIC_URL (or DIRACX_SERVICE_AUTH_TOKEN_ISSUER)": tokenIssuer,
  }
  const missing = Object.entries(required)
    .filter(([, value]) => value === undefined)
    .map(([name]) => name)
  const sandboxes = chooseSandboxStore(settings, sandboxStore)
  const stores = await composeStores(settings, {
    onProblem,
    ...(sqlTelemetry && { sqlTelemetry }),
    missing: [...missing, ...sandboxes.missing],
  })
  const { connections, documents } = stores
  const config: ConfigSource = configSource(required.DIRACX_CONFIG_BACKEND_URL ?? "", {
    clock: systemClock,
    onProblem,
    legacyConversion: settings.DIRAC_COMPAT_ENABLE_CS_CONVERSION !== undefined,
  })
  const deps: Deps = {
    sql: connections.sql,
    config,
    clock: systemClock,
    random: systemRandom,
    jobParameters: documents.jobParameters,
    pilotParameters: documents.pilotParameters,
    pilotLogs: documents.pilotLogs,
    outbox: documents.outbox,
    keystore: await loadKeystore(
      required.DIRACX_SERVICE_AUTH_TOKEN_KEYSTORE ?? "",
      settings.DIRACX_SERVICE_AUTH_TOKEN_ALLOWED_ALGORITHMS,
    ),
    stateKey: parseStateKey(required.DIRACX_SERVICE_AUTH_STATE_KEY ?? ""),
    sandboxStore: sandboxes.store,
    settings: {
      tokenIssuer: tokenIssuer ?? "",
      clientId: settings.DIRACX_SERVICE_AUTH_DIRAC_CLIENT_ID,
      accessTokenMinutes: settings.DIRACX_SERVICE_AUTH_ACCESS_TOKEN_EXPIRE_MINUTES,
      refreshTokenMinutes: settings.DIRACX_SERVICE_AUTH_REFRESH_TOKEN_EXPIRE_MINUTES,
      deviceFlowSeconds: settings.DIRACX_SERVICE_AUTH_DEVICE_FLOW_EXPIRATION_SECONDS,
      authorizationFlowSeconds: settings.DIRACX_SERVICE_AUTH_AUTHORIZATION_FLOW_EXPIRATION_SECONDS,
      allowedRedirects: new Set(settings.DIRACX_SERVICE_AUTH_ALLOWED_REDIRECTS),
      legacyExchangeKeyHash: settings.DIRACX_LEGACY_EXCHANGE_HASHED_API_KEY,
      loginsPerMinute: settings.SPINOR_LOGINS_PER_MINUTE,
      trustedProxies: settings.SPINOR_TRUSTED_PROXIES,
      disabledServices: settings.disabledServices,
      bodyLimit: settings.SPINOR_BODY_LIMIT,
      securityContact: settings.SPINOR_SECURITY_CONTACT,
      availableProperties: new Set(
        settings.DIRACX_SERVICE_AUTH_AVAILABLE_PROPERTIES ?? SECURITY_PROPERTIES,
      ),
      publicUrl: settings.SPINOR_PUBLIC_URL,
      maxJobsPerCall: settings.SPINOR_JOBS_MAX_PER_CALL,
      jobsAcrossVos: settings.SPINOR_JOBS_ACROSS_VOS,
    },
  }
  return { ...stores, deps }
}
