import * as z from "zod"
import { jsonOptions } from "./json-options.ts"

/** The options of a client of S3 in JSON, by the names that boto3 gave them. */
export const s3ClientOptions = jsonOptions(() =>
  z.strictObject({
    endpoint_url: z.url({ protocol: /^https?$/ }).optional(),
    aws_access_key_id: z.string().optional(),
    aws_secret_access_key: z.string().optional(),
    aws_session_token: z.string().optional(),
    region_name: z.string().optional(),
    /** Of DiracX's client; connections are the business of Node here. */
    httpx_max_connections: z.int().optional(),
  }),
)
