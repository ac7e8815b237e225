import { uuid7 } from "@spinor/core/security/uuid7"
import type { Deps } from "../deps.ts"

/** What is told of a request. No header, body or query: they may hold secrets. */
export interface RequestRecord {
  readonly requestId: string
  readonly method: string
  /** Percent-encoded, where Hono's is not: a terminal obeys control characters. */
  readonly path: string
  readonly status: number
  readonly milliseconds: number
  /** What went wrong inside; for the log alone. */
  readonly error?: unknown
}

export type RequestLog = (record: RequestRecord) => void

/** A caller's own id is taken up if it is one that a log can hold. */
const ID = /^[\w.:+=/-]{1,128}$/

/** The id of a request, which the answer carries and the log tells: the caller's own, or a new one. */
export const requestIdOf = (
  sent: string | undefined,
  { clock, random }: Pick<Deps, "clock" | "random">,
): string => (sent !== undefined && ID.test(sent) ? sent : uuid7(clock(), random))
