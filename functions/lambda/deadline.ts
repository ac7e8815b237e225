import type { Deadline } from "@spinor/routers/http/deadline"
import type { TaskDeadline } from "../compose/logged-task.ts"

/** What Lambda tells a function besides the event. */
export interface LambdaContext {
  /** Until the function is killed. */
  getRemainingTimeInMillis(): number
}

/** So long before it is killed a function breaks off its units of work: time to roll back, and to answer. */
const STOP_MS = 2000
/** So long before, the answer is given in any case. */
const ANSWER_MS = 500
/** So long before, a task begins nothing more: a part of one is done by then. */
const LAST_PART_MS = 30_000

const before = (context: LambdaContext, milliseconds: number): AbortSignal =>
  AbortSignal.timeout(Math.max(0, context.getRemainingTimeInMillis() - milliseconds))

export const requestDeadline = (context: LambdaContext): Deadline => ({
  stop: before(context, STOP_MS),
  over: before(context, ANSWER_MS),
})

export const taskDeadline = (context: LambdaContext): TaskDeadline => ({
  noMore: before(context, LAST_PART_MS),
  stop: before(context, STOP_MS),
})
