import { systemClock } from "@spinor/core/instant"
import type { Settings } from "@spinor/core/settings/settings"
import { s3Store } from "@spinor/logic/sandboxes/s3-store"
import type { SandboxStore } from "@spinor/logic/sandboxes/store"

interface Choice {
  /** Variables that are not set, without which the store is of no use. */
  readonly missing: readonly string[]
  readonly store: SandboxStore
}

export const chooseSandboxStore = (settings: Settings, onDisk?: SandboxStore): Choice =>
  onDisk === undefined ? storeInS3(settings) : { missing: [], store: onDisk }

function storeInS3(settings: Settings): Choice {
  const client = settings.DIRACX_SANDBOX_STORE_S3_CLIENT_KWARGS ?? {}
  const name = settings.DIRACX_SANDBOX_STORE_BUCKET_NAME
  const accessKeyId = client.aws_access_key_id ?? settings.AWS_ACCESS_KEY_ID
  const secretAccessKey = client.aws_secret_access_key ?? settings.AWS_SECRET_ACCESS_KEY
  const required = {
    DIRACX_SANDBOX_STORE_BUCKET_NAME: name,
    [`${IN_CLIENT}aws_access_key_id (or AWS_ACCESS_KEY_ID)`]: accessKeyId,
    [`${IN_CLIENT}aws_secret_access_key (or AWS_SECRET_ACCESS_KEY)`]: secretAccessKey,
  }
  const isNeeded =
    settings.SPINOR_SANDBOX_STORE !== "disk" && !settings.disabledServices.has("jobs")
  const needed = isNeeded ? Object.entries(required) : []
  const endpoint = client.endpoint_url ?? settings.AWS_ENDPOINT_URL_S3
  const region = client.region_name ?? regionOf(endpoint) ?? settings.AWS_REGION ?? "us-east-1"
  const sessionToken =
    client.aws_access_key_id === undefined ? settings.AWS_SESSION_TOKEN : client.aws_session_token
  const bucket = {
    name: name ?? "",
    url: bucketUrl(name ?? "", region, endpoint),
    region,
    accessKeyId: accessKeyId ?? "",
    secretAccessKey: secretAccessKey ?? "",
    sessionToken,
  }
  return {
    missing: needed.filter(([, value]) => value === undefined).map(([each]) => each),
    store: s3Store({
      bucket,
      seName: settings.DIRACX_SANDBOX_STORE_SE_NAME,
      urlValiditySeconds: settings.DIRACX_SANDBOX_STORE_URL_VALIDITY_SECONDS,
      createBucket: settings.DIRACX_SANDBOX_STORE_AUTO_CREATE_BUCKET,
      clock: systemClock,
    }),
  }
}

const IN_CLIENT = "DIRACX_SANDBOX_STORE_S3_CLIENT_KWARGS: "

/** The region that a host of AWS names, such as s3.eu-central-1.amazonaws.com. */
const regionOf = (endpoint: string | undefined): string | undefined =>
  /^https?:\/\/s3[.-]([a-z0-9-]+)\.amazonaws\.com/.exec(endpoint ?? "")?.[1]

/** An endpoint has its buckets as paths; AWS has them as hosts, but for names with dots. */
function bucketUrl(name: string, region: string, endpoint: string | undefined): string {
  if (endpoint !== undefined) return `${endpoint.replace(/\/+$/, "")}/${name}`
  const host = `s3.${region}.amazonaws.com`
  return name.includes(".") ? `https://${host}/${name}` : `https://${name}.${host}`
}
