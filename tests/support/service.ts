import { randomUUID } from "node:crypto"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { parseConfig } from "@spinor/core/config/schema"
import type { ConfigSource } from "@spinor/core/config/config-source"
import { instantOfEpoch, instant, type Clock, type Instant } from "@spinor/core/instant"
import { parseKeystore, type Keystore } from "@spinor/core/security/keystore"
import { newSigningKey } from "@spinor/core/security/new-keys"
import { SECURITY_PROPERTIES } from "@spinor/core/security/properties"
import { systemRandom } from "@spinor/core/security/random"
import { newStateKey, parseStateKey } from "@spinor/core/security/state-key"
import { signToken, type AccessTokenPayload } from "@spinor/core/security/tokens"
import { uuid7 } from "@spinor/core/security/uuid7"
import type { SqlDatabases } from "@spinor/db/sql/unit-of-work"
import { diskStore } from "@spinor/local/sandboxes/disk-store"
import {
  jobParametersInSql,
  pilotLogsInSql,
  pilotParametersInSql,
} from "@spinor/logic/documents/in-sql"
import { nothingWaits } from "@spinor/logic/documents/sender"
import { createApp } from "@spinor/routers/app"
import type { Deps, ServiceSettings } from "@spinor/routers/deps"
import type { Deadline } from "@spinor/routers/http/deadline"
import { checkStatus } from "./documented.ts"

const ISSUER = "https://spinor.example.invalid"

/** A VO with alice in three groups and bob in one, and another VO with carol. */
export const configuration = {
  DIRAC: {},
  Registry: {
    testvo: {
      IdP: { URL: "http://127.0.0.1:1/idp", ClientID: "spinor" },
      DefaultGroup: "user",
      Users: {
        "sub-alice": { PreferedUsername: "alice" },
        "sub-bob": { PreferedUsername: "bob" },
      },
      Groups: {
        user: { Properties: ["NormalUser"], Users: ["sub-alice", "sub-bob"] },
        admin: {
          Properties: ["JobAdministrator", "ServiceAdministrator"],
          Users: ["sub-alice"],
        },
        pilot: { Properties: ["GenericPilot"], Users: ["sub-alice"] },
      },
    },
    othervo: {
      IdP: { URL: "http://127.0.0.1:1/other", ClientID: "spinor" },
      DefaultGroup: "user",
      Users: { "sub-carol": { PreferedUsername: "carol" } },
      Groups: { user: { Properties: ["NormalUser"], Users: ["sub-carol"] } },
    },
  },
  Operations: { Defaults: {} },
}

export const fixedConfig = (raw: unknown = configuration): ConfigSource => {
  const config = parseConfig(raw)
  const revision = {
    config,
    json: JSON.stringify(config),
    hexsha: "0123456789abcdef0123456789abcdef01234567",
    modified: instant("2026-11-01T12:00:00Z"),
  }
  return { latest: async () => revision }
}

export const newKeystore = (algorithm: "Ed25519" | "RS256" = "Ed25519", kid = "test"): Keystore =>
  parseKeystore(JSON.stringify({ keys: [newSigningKey(algorithm, kid)] }))

const keystore = newKeystore()
const stateKey = parseStateKey(newStateKey(systemRandom))

/** Keeps sandboxes in a folder, which is made when the first one comes. */
export const sandboxesIn = (
  folder: string,
  clock: Clock,
  onProblem: (error: unknown) => void = () => undefined,
) =>
  diskStore({
    folder,
    stateKey,
    clock,
    seName: "SandboxSE",
    bucket: "sandboxes",
    urlValiditySeconds: 300,
    onProblem,
  })

/** Nobody uploads to it: the tests of sandboxes have stores of their own. */
const nowhere = join(tmpdir(), `spinor-sandboxes-${randomUUID()}`)

export const settings: ServiceSettings = {
  tokenIssuer: ISSUER,
  clientId: "myDIRACClientID",
  accessTokenMinutes: 20,
  refreshTokenMinutes: 60,
  deviceFlowSeconds: 600,
  authorizationFlowSeconds: 300,
  allowedRedirects: new Set(["http://localhost/api/docs/oauth2-redirect"]),
  legacyExchangeKeyHash: undefined,
  loginsPerMinute: 60,
  trustedProxies: [],
  disabledServices: new Set(),
  bodyLimit: 10_485_760,
  securityContact: undefined,
  availableProperties: new Set(SECURITY_PROPERTIES),
  publicUrl: undefined,
  maxJobsPerCall: 1000,
  jobsAcrossVos: false,
}

/** Who calls, if not alice as an ordinary user of testvo. */
export interface Caller {
  readonly vo?: string
  readonly name?: string
  readonly group?: string
  readonly properties?: readonly string[]
}

export const alice: Caller = {}
export const bob: Caller = { name: "bob" }
export const carol: Caller = { name: "carol", vo: "othervo" }
export const admin: Caller = {
  group: "admin",
  properties: ["JobAdministrator", "ServiceAdministrator"],
}
export const pilot: Caller = { group: "pilot", properties: ["GenericPilot"] }

/** A clock that goes on by itself, and further when it is told to. */
export function testClock() {
  let ahead = 0
  const clock = () => instantOfEpoch(Date.now() + ahead * 1000)
  return Object.assign(clock, { advance: (seconds: number) => void (ahead += seconds) })
}

export type Json = ReturnType<typeof JSON.parse>

/** The service in this process, as a client sees it. */
export function serviceOn(sql: SqlDatabases, more: Partial<Deps> = {}) {
  const clock = more.clock ?? (() => instantOfEpoch(Date.now()))
  const deps: Deps = {
    sql,
    config: fixedConfig(),
    clock,
    sandboxStore: sandboxesIn(nowhere, clock).store,
    random: systemRandom,
    jobParameters: jobParametersInSql,
    pilotParameters: pilotParametersInSql,
    pilotLogs: pilotLogsInSql,
    outbox: nothingWaits,
    keystore,
    stateKey,
    settings,
    ...more,
  }
  const app = createApp(deps)

  const tokenFor = (caller: Caller = {}, claims: Partial<AccessTokenPayload> = {}): string => {
    const { vo = "testvo", name = "alice", group = "user", properties = ["NormalUser"] } = caller
    const now: Instant = deps.clock()
    return signToken(
      {
        sub: `${vo}:sub-${name}`,
        vo,
        iss: deps.settings.tokenIssuer,
        dirac_properties: [...properties],
        jti: uuid7(now, systemRandom),
        preferred_username: name,
        dirac_group: group,
        exp: Math.floor(Date.parse(now) / 1000) + 1200,
        dirac_policies: {},
        ...claims,
      },
      deps.keystore,
    )
  }

  const call = async (
    method: string,
    path: string,
    { body, form, as, headers = {}, isDocumented = true, deadline }: CallOptions = {},
  ): Promise<{ status: number; headers: Headers; body: Json }> => {
    const sent = {
      method,
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
      ...(form !== undefined && { body: new URLSearchParams(form) }),
      headers: {
        ...(body !== undefined && { "content-type": "application/json" }),
        ...(as !== undefined && { authorization: `Bearer ${tokenFor(as)}` }),
        ...headers,
      },
    }
    const response = await app.request(path, sent, { ...(deadline && { deadline }) })
    if (isDocumented) checkStatus(method, path, response.status)
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: parsed(text) }
  }

  return { app, deps, call, tokenFor }
}

export type Service = ReturnType<typeof serviceOn>

interface CallOptions {
  readonly body?: unknown
  readonly form?: Record<string, string>
  readonly as?: Caller
  readonly headers?: Record<string, string>
  /** False where the answer is on purpose none that the operation gives. */
  readonly isDocumented?: boolean
  readonly deadline?: Deadline
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
