import { UnavailableError } from "@spinor/core/errors"
import type { Clock } from "@spinor/core/instant"
import { signForm, signUrl, type S3Bucket } from "./s3-signer.ts"
import type { SandboxStore } from "./store.ts"

export interface S3StoreOptions {
  readonly bucket: S3Bucket
  readonly seName: string
  readonly urlValiditySeconds: number
  /** Whether a bucket that is not there is made. */
  readonly createBucket: boolean
  readonly clock: Clock
}

/** An answer of the store that was not expected; holds no secret. */
class S3Error extends Error {
  override readonly name = "S3Error"
}

const TIMEOUT_MS = 5000
/** Who asks for problems is a probe, which does not wait for long. */
const PROBE_TIMEOUT_MS = 800
const OWN_URL_SECONDS = 60

const AWAY = "Cannot connect to the sandbox store"
const REFUSED = "The sandbox store refuses the service: its key, or its rights on the bucket"
const NO_BUCKET = "The sandbox store has no such bucket"

/** Keeps sandboxes in a bucket of S3, or of a store that speaks like it. */
export function s3Store({
  bucket,
  createBucket,
  clock,
  urlValiditySeconds: seconds,
  ...named
}: S3StoreOptions): SandboxStore {
  const ask = async (
    method: string,
    { key, body, timeout = TIMEOUT_MS }: { key?: string; body?: string; timeout?: number } = {},
  ): Promise<number> => {
    const target = { method, seconds: OWN_URL_SECONDS, ...(key !== undefined && { key }) }
    const url = await signUrl(bucket, target, clock)
    const signal = AbortSignal.timeout(timeout)
    const response = await fetch(url, { method, signal, ...(body !== undefined && { body }) })
    await response.body?.cancel()
    if (response.status >= 500) throw new S3Error(`${method} answers ${response.status}`)
    return response.status
  }

  /** What it asks for may be asked for again. */
  const askTwice = async (...request: Parameters<typeof ask>): Promise<number> => {
    try {
      return await ask(...request).catch(() => ask(...request))
    } catch (cause) {
      throw new UnavailableError(AWAY, { cause })
    }
  }

  const exists = async (key?: string): Promise<boolean> => {
    const status = await askTwice("HEAD", key === undefined ? {} : { key })
    if (status === 200 || status === 404) return status === 200
    throw new UnavailableError(REFUSED, { cause: new S3Error(`HEAD answers ${status}`) })
  }

  const makeBucket = async (): Promise<void> => {
    if (!createBucket || (await exists())) return
    const body = locationOf(bucket.region)
    const status = await askTwice("PUT", body === undefined ? {} : { body })
    // Somebody else made it at the same moment.
    if (status === 200 || status === 409) return
    throw new UnavailableError(REFUSED, { cause: new S3Error(`PUT answers ${status}`) })
  }
  let isBucketChecked = false

  return {
    ...named,
    bucket: bucket.name,
    urlValiditySeconds: seconds,
    exists,
    async problem() {
      const status = await ask("HEAD", { timeout: PROBE_TIMEOUT_MS }).catch(() => undefined)
      if (status === undefined) return AWAY
      if (status === 404) return createBucket ? undefined : NO_BUCKET
      return status === 200 ? undefined : REFUSED
    },
    async signUpload(upload) {
      if (!isBucketChecked) await makeBucket()
      isBucketChecked = true
      return signForm(bucket, { ...upload, seconds }, clock)
    },
    signDownload: async (key) => await signUrl(bucket, { method: "GET", key, seconds }, clock),
  }
}

/** Only the oldest region of AWS takes no name of one. */
const locationOf = (region: string): string | undefined =>
  region === "us-east-1"
    ? undefined
    : `<CreateBucketConfiguration><LocationConstraint>${region}</LocationConstraint></CreateBucketConfiguration>`
