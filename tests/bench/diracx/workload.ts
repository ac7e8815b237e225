import type { Request } from "../load/request.ts"

/** What a server lets its clients do, and what they know of it. */
export interface Known {
  /** How many jobs were stored before the first request. */
  readonly jobs: number
  /** How many jobs a call may submit. */
  readonly jobsPerCall: number
  /** Of the configuration. */
  readonly etag: string
}

/** What clients do over and over. */
export interface Workload {
  readonly as: "user" | "admin"
  /** The requests of one operation; a number is never used twice. */
  readonly requests: (number: number, known: Known) => readonly Request[]
  /** Whether each request has a token that no server has seen before. */
  readonly ownTokens?: true
  /** Whether all operations are the same. */
  readonly constant?: true
  readonly status: number
  /** What of an answer is the same in every right one, of every server. */
  readonly essence: (body: never) => unknown
  /** The rows that an operation adds. */
  readonly adds?: { readonly table: string; readonly rows: number }
  /** What an operation changes. */
  readonly leaves?: (known: Known) => Left
  /** Whether there is a bare route for it. */
  readonly hasFloor?: boolean
  /** How many clients do it, where so many as usual would wait for minutes. */
  readonly clients?: number
  /** Whether CROWD more jobs run, so that none is told of twice in a second. */
  readonly crowded?: true
}

/** Rows in which an operation leaves its number, as the last word of a column. */
export interface Left {
  readonly table: string
  readonly column: string
  /** That an operation changes. */
  readonly rows: number
  /** So many operations later the same rows are changed again. */
  readonly sets: number
}
