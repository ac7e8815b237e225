/** An answer of a server, complete. */
export interface Answer {
  readonly status: number
  readonly head: string
  readonly body: Buffer
  /** Of head and body, as they were sent. */
  readonly bytes: number
}

const END_OF_HEAD = "\r\n\r\n"
const END_OF_LINE = "\r\n"
const WITHOUT_BODY = new Set([204, 304])

/** The answer in these bytes of HTTP/1.1; undefined while some are missing. */
export function readAnswer(bytes: Buffer): Answer | undefined {
  const end = bytes.indexOf(END_OF_HEAD)
  if (end < 0) return undefined
  const head = bytes.toString("latin1", 0, end)
  const start = end + END_OF_HEAD.length
  const status = Number(head.slice(9, 12))
  if (WITHOUT_BODY.has(status)) return { status, head, body: Buffer.alloc(0), bytes: start }
  if (/^transfer-encoding: *chunked/im.test(head)) return readChunks(bytes, { status, head, start })
  const length = Number(header(head, "content-length") ?? Number.NaN)
  if (Number.isNaN(length)) throw new Error(`an answer without a length: ${head}`)
  if (bytes.length < start + length) return undefined
  return { status, head, body: bytes.subarray(start, start + length), bytes: start + length }
}

/** The value of a header, by its name in lower case. */
export const header = (head: string, name: string): string | undefined =>
  new RegExp(`^${name}: *(.*)$`, "im").exec(head)?.[1]?.trim()

function readChunks(
  bytes: Buffer,
  { status, head, start }: { status: number; head: string; start: number },
): Answer | undefined {
  const chunks: Buffer[] = []
  for (let at = start; ;) {
    const end = bytes.indexOf(END_OF_LINE, at)
    if (end < 0) return undefined
    const length = Number.parseInt(bytes.toString("latin1", at, end), 16)
    const next = end + END_OF_LINE.length + length + END_OF_LINE.length
    if (bytes.length < next) return undefined
    if (length === 0) return { status, head, body: Buffer.concat(chunks), bytes: next }
    chunks.push(bytes.subarray(end + END_OF_LINE.length, next - END_OF_LINE.length))
    at = next
  }
}
