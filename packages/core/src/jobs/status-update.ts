import type { Instant } from "../instant.ts"

/** What a request says about a job at one moment. */
export interface StatusUpdate {
  readonly status?: string
  readonly minorStatus?: string
  readonly applicationStatus?: string
  readonly source: string
}

/** An update and its moment. */
export interface TimedUpdate extends StatusUpdate {
  readonly at: Instant
}

/** The updates in the order of their moments. */
export const inOrder = (updates: ReadonlyMap<Instant, StatusUpdate>): TimedUpdate[] =>
  Array.from(updates, ([at, update]) => ({ ...update, at })).sort((a, b) =>
    a.at < b.at ? -1 : Number(a.at > b.at),
  )
