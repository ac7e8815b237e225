import { isWithin } from "@spinor/core/elapsed"

/** By both clocks of a process, in milliseconds: while a machine sleeps, one of them may stand still. */
export interface Moment {
  readonly elapsed: number
  readonly time: number
}

export const moment = (): Moment => ({ elapsed: performance.now(), time: Date.now() })

/** Whether less than so many milliseconds have passed since, by both clocks. */
export const isRecent = (milliseconds: number, { elapsed, time }: Moment): boolean =>
  isWithin(milliseconds, elapsed, performance.now()) && isWithin(milliseconds, time, Date.now())
