import { isIP } from "node:net"
import * as z from "zod"
import { DATABASE_TYPES } from "./database-parts.ts"
import { isHost } from "./host.ts"
import { osClientOptions } from "./os-client.ts"
import { grpcEndpoint, otelHeaders } from "./otel.ts"
import { s3ClientOptions } from "./s3-client.ts"

/** The environment, as `process.env` gives it. */
export type Environment = Readonly<Record<string, string | undefined>>

const MORE = /^(true|1|yes|on|t|y)$/i
const LESS = /^(false|0|no|off|f|n)$/i

// One schema each for all variables of a kind: to make a schema takes longer than to read with it.
const text = z.string()
const anyText = text.optional()
const truth = text
  .refine((value) => MORE.test(value) || LESS.test(value), "is neither true nor false")
  .transform((value) => MORE.test(value))
const on = truth.default(true)
const off = truth.default(false)

/** True, false, or a value that says more. */
const flagOr = <Value>(value: z.ZodType<Value, string>) =>
  text
    .transform((given, context): Value | boolean => {
      if (MORE.test(given) || LESS.test(given)) return MORE.test(given)
      const { success, data, error } = value.safeParse(given)
      if (success) return data
      for (const { message } of error.issues) context.addIssue({ code: "custom", message })
      return z.NEVER
    })
    .default(false)

const number = ({ min = 1, max = 2 ** 31 - 1 } = {}) =>
  text.transform((given, context) => {
    const value = /^\d+$/.test(given) ? Number(given) : Number.NaN
    if (value >= min && value <= max) return value
    const message = Number.isNaN(value)
      ? "is not a whole number"
      : `is not between ${min} and ${max}`
    context.addIssue({ code: "custom", message })
    return z.NEVER
  })

const whole = (unset: number, range: { min?: number; max?: number } = {}) =>
  number(range).default(unset)

const texts = text
  .transform((given, context) => {
    try {
      return z.array(text).parse(JSON.parse(given))
    } catch {
      context.addIssue({ code: "custom", message: 'is not a list in JSON, such as ["a", "b"]' })
      return z.NEVER
    }
  })
  .optional()

const url = text
  .refine((given) => /^https?:$/.test(URL.parse(given)?.protocol ?? ""), "is not an http(s) URL")
  .transform((given) => given.replace(/\/+$/, ""))
  .optional()

const isAddressRange = (text: string): boolean => {
  const [address = "", prefix] = text.split("/")
  const bits = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1
  return bits >= 0 && (prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits))
}

/** A flow must not be deleted before it has expired. */
const FLOW_EXPIRATIONS = [
  "DIRACX_SERVICE_AUTH_DEVICE_FLOW_EXPIRATION_SECONDS",
  "DIRACX_SERVICE_AUTH_AUTHORIZATION_FLOW_EXPIRATION_SECONDS",
] as const

/** As libpq's sslmode. */
const TLS_MODES = ["disable", "require", "verify-ca", "verify-full"] as const

const SYNCHRONOUS = ["OFF", "NORMAL", "FULL", "EXTRA"] as const

/** The variables that the service reads, those of the databases aside; the README has them in a table. */
export const variables = z
  .object({
    DIRACX_CONFIG_BACKEND_URL: anyText,
    DIRACX_SERVICE_AUTH_TOKEN_ISSUER: anyText,
    DIRACX_SERVICE_AUTH_TOKEN_KEYSTORE: anyText,
    DIRACX_SERVICE_AUTH_TOKEN_ALLOWED_ALGORITHMS: texts,
    DIRACX_SERVICE_AUTH_STATE_KEY: anyText,
    DIRACX_SERVICE_AUTH_DIRAC_CLIENT_ID: text.default("myDIRACClientID"),
    DIRACX_SERVICE_AUTH_ACCESS_TOKEN_EXPIRE_MINUTES: whole(20),
    DIRACX_SERVICE_AUTH_REFRESH_TOKEN_EXPIRE_MINUTES: whole(60),
    DIRACX_SERVICE_AUTH_DEVICE_FLOW_EXPIRATION_SECONDS: whole(600),
    DIRACX_SERVICE_AUTH_AUTHORIZATION_FLOW_EXPIRATION_SECONDS: whole(300),
    DIRACX_SERVICE_AUTH_REFRESH_TOKEN_RETENTION_MONTHS: whole(6),
    DIRACX_SERVICE_AUTH_COMPLETED_FLOW_RETENTION_MINUTES: whole(60),
    DIRACX_SERVICE_AUTH_ALLOWED_REDIRECTS: texts,
    DIRACX_SERVICE_AUTH_AVAILABLE_PROPERTIES: texts,
    DIRACX_SERVICE_AUTH_ENABLED: on,
    DIRACX_SERVICE_CONFIG_ENABLED: on,
    DIRACX_SERVICE_HEALTH_ENABLED: on,
    DIRACX_SERVICE_JOBS_ENABLED: on,
    DIRACX_SERVICE_PILOTS_ENABLED: on,
    DIRACX_SERVICE_RSS_ENABLED: on,
    DIRACX_LEGACY_EXCHANGE_HASHED_API_KEY: anyText,
    DIRAC_COMPAT_ENABLE_CS_CONVERSION: anyText,
    DIRACX_SANDBOX_STORE_BUCKET_NAME: text
      .regex(/^[a-z0-9.-]{3,63}$/, "is not the name of a bucket: 3 to 63 of a-z, 0-9, . and -")
      .optional(),
    DIRACX_SANDBOX_STORE_S3_CLIENT_KWARGS: s3ClientOptions.optional(),
    DIRACX_SANDBOX_STORE_AUTO_CREATE_BUCKET: off,
    // S3 signs for a week at most.
    DIRACX_SANDBOX_STORE_URL_VALIDITY_SECONDS: whole(300, { max: 604_800 }),
    DIRACX_SANDBOX_STORE_SE_NAME: text
      .regex(/^[\w.-]{1,64}$/, "is not the name of an SE: letters, digits, ., _ and -")
      .default("SandboxSE"),
    AWS_ACCESS_KEY_ID: anyText,
    AWS_SECRET_ACCESS_KEY: anyText,
    AWS_SESSION_TOKEN: anyText,
    AWS_REGION: anyText,
    AWS_ENDPOINT_URL_S3: url,
    SPINOR_SQS_QUEUE_URL: url,
    SPINOR_PILOT_LOGS_RETENTION_DAYS: whole(90, { min: 0, max: 36_500 }),
    SPINOR_OTEL_RETENTION_DAYS: whole(30, { min: 0, max: 36_500 }),
    SPINOR_PARAMETERS_RETENTION_DAYS: whole(0, { min: 0, max: 36_500 }),
    SPINOR_DOCUMENTS: z.enum(["sql"], "is not sql").optional(),
    SPINOR_SANDBOX_STORE: z.enum(["s3", "disk"], "is neither s3 nor disk").optional(),
    DIRACX_FACTORY_OS_GLOBAL_PREFIX: text
      .regex(
        /^[a-z0-9][a-z0-9._-]{0,99}$/,
        "cannot begin the name of an index: a letter or digit, then up to 99 of a-z, 0-9, ., _ and -",
      )
      .default(""),
    DIRACX_OTEL_ENABLED: off,
    DIRACX_OTEL_APPLICATION_NAME: text.default("diracx"),
    DIRACX_OTEL_PROTOCOL: z.enum(["grpc", "http"], "is neither grpc nor http").default("grpc"),
    DIRACX_OTEL_GRPC_ENDPOINT: grpcEndpoint.optional(),
    DIRACX_OTEL_GRPC_INSECURE: on,
    DIRACX_OTEL_HTTP_ENDPOINT: url,
    DIRACX_OTEL_HEADERS: otelHeaders.optional(),
    SPINOR_OTEL_OPENSEARCH: flagOr(osClientOptions),
    SPINOR_STAGE: text.default("development"),
    SPINOR_PUBLIC_URL: url,
    SPINOR_SECURITY_CONTACT: anyText,
    SPINOR_TRUSTED_PROXIES: text
      .transform((text) => text.split(",").map((each) => each.trim()))
      .refine((proxies) => proxies.every(isAddressRange), "is not a list such as 10.0.0.0/8, ::1")
      .default([]),
    SPINOR_LOGINS_PER_MINUTE: whole(60, { min: 0 }),
    SPINOR_BODY_LIMIT: whole(10_485_760, { min: 1024 }),
    SPINOR_DATA_DIR: text.default(".spinor"),
    SPINOR_JOBS_MAX_PER_CALL: whole(1000, { max: 5000 }),
    SPINOR_JOBS_ACROSS_VOS: off,
    SPINOR_IDP_APPROVE: anyText,
    SPINOR_DB_TYPE: z.enum(DATABASE_TYPES, `is none of ${DATABASE_TYPES.join(", ")}`).optional(),
    SPINOR_DB_HOST: text.refine(isHost, "is not the name or address of a host").optional(),
    SPINOR_DB_PORT: number({ max: 65_535 }).optional(),
    SPINOR_DB_NAME: anyText,
    SPINOR_DB_USER: anyText,
    SPINOR_DB_PASSWORD: anyText,
    SPINOR_DB_ALLOW_EMPTY_PASSWORD: off,
    SPINOR_DB_POOL_SIZE: whole(8, { max: 1000 }),
    SPINOR_DB_POOL_OVERFLOW: whole(0, { min: 0, max: 1000 }),
    SPINOR_DB_POOL_TIMEOUT: whole(30, { max: 3600 }),
    SPINOR_DB_POOL_RECYCLE: whole(1800, { min: 0 }),
    SPINOR_DB_PRE_PING: on,
    SPINOR_DB_TLS_MODE: z.enum(TLS_MODES, `is none of ${TLS_MODES.join(", ")}`).default("disable"),
    SPINOR_DB_TLS_CA: anyText,
    SPINOR_DB_CONNECT_TIMEOUT: whole(5, { max: 300 }),
    SPINOR_DB_STATEMENT_TIMEOUT: whole(60, { min: 0, max: 3600 }),
    SPINOR_SQLITE_SYNCHRONOUS: text
      .toUpperCase()
      .pipe(z.enum(SYNCHRONOUS, `is none of ${SYNCHRONOUS.join(", ")}`))
      .default("FULL"),
    SPINOR_SQLITE_BUSY_TIMEOUT: whole(30, { min: 0, max: 3600 }),
    HOST: text.default("127.0.0.1"),
    PORT: whole(8000, { min: 0, max: 65_535 }),
  })
  .superRefine((read, context) => {
    const kept = read.DIRACX_SERVICE_AUTH_COMPLETED_FLOW_RETENTION_MINUTES * 60
    for (const name of FLOW_EXPIRATIONS) {
      if (kept > read[name]) continue
      context.addIssue({
        code: "custom",
        path: ["DIRACX_SERVICE_AUTH_COMPLETED_FLOW_RETENTION_MINUTES"],
        message: `is not longer than ${name}`,
      })
    }
  })

export type Variables = z.output<typeof variables>
