import { describe, expect, it } from "vitest"
import { header, readAnswer } from "./answer.ts"

const PLAIN = "HTTP/1.1 201 Created\r\nContent-Type: x\r\nContent-Length: 5\r\n\r\nhélo"
const CHUNKED =
  "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n7\r\nab\r\n0\r\n\r\n3;x=1\r\ncde\r\n0\r\n\r\n"
const EMPTY = "HTTP/1.1 304 Not Modified\r\netag: abc\r\n\r\n"

describe.each([
  ["with a length", PLAIN, 201, "hélo"],
  ["in chunks, which may hold what looks like their end", CHUNKED, 200, "ab\r\n0\r\ncde"],
  ["without a body", EMPTY, 304, ""],
])("an answer %s", (_, text, status, body) => {
  const bytes = Buffer.from(text)

  it("is read whole", () => {
    const answer = readAnswer(bytes)
    expect(answer).toMatchObject({ status, bytes: bytes.length })
    expect(answer?.body.toString()).toBe(body)
  })

  it("is not read while a byte is missing", () => {
    for (let length = 0; length < bytes.length; length++) {
      expect(readAnswer(bytes.subarray(0, length))).toBeUndefined()
    }
  })
})

it("an answer whose end cannot be known is refused", () => {
  expect(() => readAnswer(Buffer.from("HTTP/1.1 200 OK\r\n\r\n"))).toThrow("without a length")
})

it("a header is found in any case, and not in another's value", () => {
  const head = "HTTP/1.1 200 OK\r\nx-etag: no\r\nETag:  abc \r\nx: etag: no"
  expect(header(head, "etag")).toBe("abc")
  expect(header(head, "missing")).toBeUndefined()
})
