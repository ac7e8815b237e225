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

const TIMEOUT_MILLISECONDS = 5000
const OWN_URL_SECONDS = 60

/** Keeps sandboxes in a bucket of S3, or of a store that speaks like it. */
export function s3Store({
  bucket,
  createBucket,
  clock,
  urlValiditySeconds: seconds,
  ...named
}: S3StoreOptions): SandboxStore {
  const ask = async (method: string, key?: string, body?: string): Promise<number> => {
    const target = { method, seconds: OWN_URL_SECONDS, ...(key !== undefined && { key }) }
    const url = await signUrl(bucket, target, clock)
    const signal = AbortSignal.timeout(TIMEOUT_MILLISECONDS)
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
      throw unavailable(cause)
    }
  }

  const exists = async (key?: string): Promise<boolean> => {
    const status = await askTwice("HEAD", key)
    if (status === 200 || status === 404) return status === 200
    throw unavailable(new S3Error(`HEAD answers ${status}`))
  }

  const makeBucket = async (): Promise<void> => {
    if (!createBucket || (await exists())) return
    const status = await askTwice("PUT", undefined, locationOf(bucket.region))
    // Somebody else made it at the same moment.
    if (status !== 200 && status !== 409) throw unavailable(new S3Error(`PUT answers ${status}`))
  }
  let bucketMade = false

  return {
    ...named,
    bucket: bucket.name,
    urlValiditySeconds: seconds,
    exists,
    async signUpload(upload) {
      if (!bucketMade) await makeBucket()
      bucketMade = true
      return signForm(bucket, { ...upload, seconds }, clock)
    },
    signDownload: async (key) => await signUrl(bucket, { method: "GET", key, seconds }, clock),
  }
}

const unavailable = (cause: unknown) =>
  new UnavailableError("Cannot connect to the sandbox store", { cause })

/** Only the oldest region of AWS takes no name of one. */
const locationOf = (region: string): string | undefined =>
  region === "us-east-1"
    ? undefined
    : `<CreateBucketConfiguration><LocationConstraint>${region}</LocationConstraint></CreateBucketConfiguration>`
