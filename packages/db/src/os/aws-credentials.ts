/** With what requests to AWS are signed; secret. */
export interface AwsCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** Of credentials that are lent, as a Lambda function's are. */
  readonly sessionToken: string | undefined
}
