import { UnavailableError } from "@spinor/core/errors"
import type { Clock } from "@spinor/core/instant"
import { deleteRequest, keysNotDeleted } from "./s3-delete.ts"
import { signForm, signUrl, type S3Bucket, type SignedRequest } from "./s3-signer.ts"
import type { SandboxStore } from "./store.ts"

export interface S3StoreOptions {
  readonly bucket: S3Bucket
  readonly seName: string
  readonly urlValiditySeconds: number
  /** Whether a bucket that is not there is made. */
  readonly createBucket: boolean
  readonly clock: Clock
}

interface Asked extends Partial<Pick<SignedRequest, "key" | "action">> {
  readonly body?: string
  readonly headers?: Record<string, string>
  /** In milliseconds. */
  readonly timeout?: number
}

interface Answer {
  readonly status: number
  readonly text: string
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
    { timeout = TIMEOUT_MS, body, headers, ...named }: Asked = {},
  ): Promise<Answer> => {
    const url = await signUrl(bucket, { method, seconds: OWN_URL_SECONDS, ...named }, clock)
    const signal = AbortSignal.timeout(timeout)
    const response = await fetch(url, {
      method,
      signal,
      // A machine may sleep between two requests: a connection that was kept would be dead.
      headers: { ...headers, connection: "close" },
      ...(body !== undefined && { body }),
    })
    const text = await response.text()
    if (response.status >= 500) throw new S3Error(`${method} answers ${response.status}`)
    return { status: response.status, text }
  }

  /** What it asks for may be asked for again. */
  const askTwice = async (...request: Parameters<typeof ask>): Promise<Answer> => {
    try {
      return await ask(...request).catch(() => ask(...request))
    } catch (cause) {
      throw new UnavailableError(AWAY, { cause })
    }
  }

  const exists = async (key?: string): Promise<boolean> => {
    const { status } = await askTwice("HEAD", key === undefined ? {} : { key })
    if (status === 200 || status === 404) return status === 200
    throw new UnavailableError(REFUSED, { cause: new S3Error(`HEAD answers ${status}`) })
  }

  const makeBucket = async (): Promise<void> => {
    if (!createBucket || (await exists())) return
    const body = locationOf(bucket.region)
    const { status } = await askTwice("PUT", body === undefined ? {} : { body })
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
      const answer = await ask("HEAD", { timeout: PROBE_TIMEOUT_MS }).catch(() => undefined)
      if (answer === undefined) return AWAY
      const { status } = answer
      if (status === 404) return createBucket ? undefined : NO_BUCKET
      return status === 200 ? undefined : REFUSED
    },
    async signUpload(upload) {
      if (!isBucketChecked) await makeBucket()
      isBucketChecked = true
      return signForm(bucket, { ...upload, seconds }, clock)
    },
    signDownload: async (key) => await signUrl(bucket, { method: "GET", key, seconds }, clock),
    async remove(keys) {
      if (keys.length === 0) return []
      const { status, text } = await askTwice("POST", { action: "delete", ...deleteRequest(keys) })
      if (status === 200) return keysNotDeleted(text)
      throw new UnavailableError(REFUSED, { cause: new S3Error(`POST answers ${status}`) })
    },
  }
}

/** Only the oldest region of AWS takes no name of one. */
const locationOf = (region: string): string | undefined =>
  region === "us-east-1"
    ? undefined
    : `<CreateBucketConfiguration><LocationConstraint>${region}</LocationConstraint></CreateBucketConfiguration>`
