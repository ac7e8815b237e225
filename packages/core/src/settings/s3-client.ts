import * as z from "zod"

const options = z.strictObject({
  endpoint_url: z.url({ protocol: /^https?$/ }).optional(),
  aws_access_key_id: z.string().optional(),
  aws_secret_access_key: z.string().optional(),
  aws_session_token: z.string().optional(),
  region_name: z.string().optional(),
  /** Of DiracX's client; connections are the business of Node here. */
  httpx_max_connections: z.int().optional(),
})

/** The options of a client of S3 in JSON, by the names that boto3 gave them. */
export const s3ClientOptions = z.string().transform((text, context) => {
  const refuse = (message: string) => {
    context.addIssue({ code: "custom", message })
    return z.NEVER
  }
  const { success, data, error } = options.safeParse(parsed(text))
  if (success) return data
  const [issue] = error.issues
  if (issue?.code === "unrecognized_keys") {
    return refuse(
      `holds ${issue.keys.join(", ")}: known are ${Object.keys(options.shape).join(", ")}`,
    )
  }
  const field = issue?.path.join(".")
  return refuse(
    field ? `holds a value of ${field} that cannot be used` : "is not an object in JSON",
  )
})

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
