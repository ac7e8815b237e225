/** The bucket of sandboxes, which clients reach by signed URLs alone. */
import { isProduction, webOrigins } from "./stage.ts"

const sandboxes = new sst.aws.Bucket("Sandboxes", {
  enforceHttps: true,
  cors:
    webOrigins.length === 0
      ? false
      : {
          allowOrigins: webOrigins,
          allowMethods: ["GET", "POST"],
          allowHeaders: ["*"],
          maxAge: "1 hour",
        },
  transform: {
    bucket: { forceDestroy: !isProduction },
    publicAccessBlock: { restrictPublicBuckets: true, blockPublicPolicy: true },
  },
})

new aws.s3.BucketServerSideEncryptionConfiguration("SandboxesEncryption", {
  bucket: sandboxes.name,
  rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
})

// Those that no job has are removed by a task, which knows of them.
new aws.s3.BucketLifecycleConfiguration("SandboxesLifecycle", {
  bucket: sandboxes.name,
  rules: [
    {
      id: "uploads that were not finished",
      status: "Enabled",
      filter: { prefix: "" },
      abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
    },
  ],
})

export const storageVariables = { DIRACX_SANDBOX_STORE_BUCKET_NAME: sandboxes.name }

const objects = $interpolate`${sandboxes.arn}/*`

/** To sign uploads and downloads, and to tell that there is no such object. */
export const signingSandboxes = [
  { actions: ["s3:PutObject", "s3:GetObject"], resources: [objects] },
  { actions: ["s3:ListBucket"], resources: [sandboxes.arn] },
]

export const removingSandboxes = [{ actions: ["s3:DeleteObject"], resources: [objects] }]
