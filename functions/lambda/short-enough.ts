import type { HttpAnswer } from "./http-event.ts"

/** What Lambda takes of an answer, as JSON, in bytes (Lambda quotas, invocation payload). */
const MOST = 6_291_556

/** For the log, in which the request stands with the answer that was not sent. */
export class AnswerTooLongError extends Error {
  override readonly name = "AnswerTooLongError"
  override readonly message = "The answer was too long for Lambda, and a 400 was sent"
}

/** What JSON makes of a character at most: "\u0000". */
const ESCAPED = 6

/**
 * The answer, or one that says that it is too long for Lambda, which would say it in no words of ours. Whether
 * what was asked is done, it does not say.
 */
export function shortEnough(answer: HttpAnswer): HttpAnswer {
  // Nearly all answers are short, and not written twice.
  if (answer.body.length * ESCAPED < MOST / 2) return answer
  const length = Buffer.byteLength(JSON.stringify(answer))
  if (length <= MOST) return answer
  const others = Object.entries(answer.headers).filter(([name]) => !OF_THE_BODY.test(name))
  const isZipped = "content-encoding" in answer.headers
  const advice = `ask for fewer rows with per_page${isZipped ? "" : ", or accept gzip"}`
  const detail = `The answer has ${length} bytes, and ${MOST} are allowed: ${advice}`
  return {
    statusCode: 400,
    headers: { ...Object.fromEntries(others), "content-type": "application/json" },
    cookies: [],
    body: JSON.stringify({ detail }),
    isBase64Encoded: false,
  }
}

const OF_THE_BODY = /^(?:content-.*|etag|last-modified|link)$/
