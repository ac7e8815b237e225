import { createHmac } from "node:crypto"
import { plusSeconds, type Clock } from "@spinor/core/instant"
import type { SignedUpload, Upload } from "./store.ts"

/** A bucket of an S3 service, and with whose rights it is used. */
export interface S3Bucket {
  /** The URL of the bucket, without a final slash. */
  readonly url: string
  readonly region: string
  readonly name: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** Of credentials that are lent, as a Lambda function's are. */
  readonly sessionToken: string | undefined
}

export interface SignedRequest {
  readonly method: string
  /** Of an object; the bucket itself unless given. */
  readonly key?: string
  /** What is to be done, where the method does not say it: "delete". */
  readonly action?: string
  readonly seconds: number
}

const ALGORITHM = "AWS4-HMAC-SHA256"

/** Signs a URL for one request on an object, or on the bucket itself (AWS Signature Version 4, query). */
export async function signUrl(
  bucket: S3Bucket,
  { method, key, action, seconds }: SignedRequest,
  clock: Clock,
): Promise<string> {
  // Loaded with the first sandbox, not with the function.
  const { AwsV4Signer } = await import("aws4fetch")
  const path = key === undefined ? "" : `/${key.split("/").map(encodeURIComponent).join("/")}`
  const signer = new AwsV4Signer({
    method,
    url: `${bucket.url}${path}?${action === undefined ? "" : `${action}=&`}X-Amz-Expires=${seconds}`,
    service: "s3",
    region: bucket.region,
    accessKeyId: bucket.accessKeyId,
    secretAccessKey: bucket.secretAccessKey,
    ...(bucket.sessionToken !== undefined && { sessionToken: bucket.sessionToken }),
    datetime: basicFormat(clock()),
    signQuery: true,
  })
  return (await signer.sign()).url.href
}

/**
 * Signs a form that S3 takes for one object: of this key, size and checksum and no other
 * (Amazon S3 API reference, "POST policy").
 */
export function signForm(
  bucket: S3Bucket,
  { key, size, algorithm, checksum, seconds }: Upload & { seconds: number },
  clock: Clock,
): SignedUpload {
  const now = clock()
  const time = basicFormat(now)
  const scope = [time.slice(0, 8), bucket.region, "s3", "aws4_request"]
  const fields = {
    key,
    "x-amz-checksum-algorithm": algorithm,
    [`x-amz-checksum-${algorithm}`]: Buffer.from(checksum, "hex").toString("base64"),
    "x-amz-algorithm": ALGORITHM,
    "x-amz-credential": [bucket.accessKeyId, ...scope].join("/"),
    "x-amz-date": time,
    ...(bucket.sessionToken !== undefined && { "x-amz-security-token": bucket.sessionToken }),
  }
  const policy = Buffer.from(
    JSON.stringify({
      expiration: `${plusSeconds(now, seconds).slice(0, 19)}Z`,
      conditions: [
        { bucket: bucket.name },
        ["content-length-range", size, size],
        ...Object.entries(fields).map(([name, value]) => ({ [name]: value })),
      ],
    }),
  ).toString("base64")
  const signingKey = scope.reduce<string | Buffer>(hmac, `AWS4${bucket.secretAccessKey}`)
  const signature = hmac(signingKey, policy).toString("hex")
  return { url: bucket.url, fields: { ...fields, policy, "x-amz-signature": signature } }
}

const hmac = (key: string | Buffer, text: string): Buffer =>
  createHmac("sha256", key).update(text).digest()

/** ISO 8601's basic format, in whole seconds: 20261121T130000Z. */
const basicFormat = (at: string): string => `${at.slice(0, 19).replaceAll(/[-:]/g, "")}Z`
