/** A request of a workload, before it is known who asks whom. */
export interface Request {
  readonly method: "GET" | "POST" | "PATCH"
  readonly path: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** The bytes of a request. */
export function encodeRequest(
  { method, path, body, headers = {} }: Request,
  { host, token }: { host: string; token: string },
): Buffer {
  const json = body === undefined ? "" : JSON.stringify(body)
  const lines = [
    `${method} ${path} HTTP/1.1`,
    `host: ${host}`,
    `authorization: Bearer ${token}`,
    "accept: application/json",
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...(body === undefined
      ? []
      : ["content-type: application/json", `content-length: ${Buffer.byteLength(json)}`]),
  ]
  return Buffer.from(`${lines.join("\r\n")}\r\n\r\n${json}`)
}
