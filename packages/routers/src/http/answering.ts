import type { Context } from "hono"
import type { Deps } from "../deps.ts"
import type { Answer } from "./answers.ts"
import { refusedBody } from "./body-limit.ts"
import { refusedVersion } from "./client-version.ts"
import { compressed } from "./compressed.ts"
import { crossOrigin, preflight } from "./cross-origin.ts"
import { answerOf } from "./errors.ts"
import { requestIdOf, type RequestLog } from "./request-log.ts"
import type { RequestTrace, TracedAnswer } from "./request-trace.ts"
import { targetOf } from "./target.ts"

export interface Around {
  readonly deps: Pick<Deps, "clock" | "random" | "settings">
  readonly log?: RequestLog
  readonly trace?: RequestTrace
}

/** Gives what a request asks for, or throws. */
type Work = () => Answer | Promise<Answer>

/** Makes the Response to a request of an operation's work; `route` is the path of the operation, if there is one. */
export type Answering = (c: Context, route: string | undefined, work: Work) => Promise<Response>

interface Answered extends TracedAnswer {
  readonly response: Response
}

/**
 * What all requests have in common, in the order in which they meet it. It is one function around all, as
 * each middleware of Hono's that adds a header would make a new Response of the last one's.
 */
export function answering({ deps, log, trace }: Around): Answering {
  const refusedLength = refusedBody(deps.settings.bodyLimit)

  const answered = async (c: Context, route: string | undefined, work: Work): Promise<Answered> => {
    const { req } = c
    const requestId = log && requestIdOf(req.header("x-request-id"), deps)
    const begun = performance.now()
    let error: unknown
    const attempt: Work = async () => {
      try {
        const refusal = refusedVersion(req.header("diracx-client-version"))
        return refusal ?? (await refusedLength(c)) ?? (await work())
      } catch (thrown) {
        error = thrown
        return answerOf(thrown)
      }
    }
    const origin = req.header("origin")
    const sent = async (answer: Answer): Promise<{ response: Response; status: number }> => {
      const { status, headers, body } = await compressed(answer, req.header("accept-encoding"))
      const all = requestId === undefined ? headers : { ...headers, "x-request-id": requestId }
      return { response: new Response(body, { status, headers: all }), status }
    }
    const whole = preflight(req) ?? crossOrigin(await attempt(), origin)
    const { response, status } = await sent(whole).catch((thrown: unknown) => {
      error = thrown
      return sent(crossOrigin(answerOf(thrown), origin))
    })
    if (log && requestId !== undefined) {
      const milliseconds = Math.round((performance.now() - begun) * 10) / 10
      const { path } = targetOf(req.url)
      log({
        requestId,
        method: req.method,
        path,
        status,
        milliseconds,
        ...(error !== undefined && { error }),
      })
    }
    return { response, status, route, error }
  }

  return async (c, route, work) => {
    const answer = () => answered(c, route, work)
    return (await (trace ? trace(tracedRequest(c), answer) : answer())).response
  }
}

const tracedRequest = ({ req }: Context) => {
  const { scheme, path } = targetOf(req.url)
  return { method: req.method, scheme, path, header: (name: string) => req.header(name) }
}
