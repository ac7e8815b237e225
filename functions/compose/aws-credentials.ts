import type { AwsCredentials } from "@spinor/db/os/aws-credentials"

/** The function's own, as Lambda has them in the environment at this moment. */
export const awsCredentials = (): AwsCredentials => ({
  accessKeyId: process.env["AWS_ACCESS_KEY_ID"] ?? "",
  secretAccessKey: process.env["AWS_SECRET_ACCESS_KEY"] ?? "",
  sessionToken: process.env["AWS_SESSION_TOKEN"],
})
