import type { Instant } from "@spinor/core/instant"

export type Row = Readonly<Record<string, unknown>>

/** Columns of times, by DIRAC's habit of naming them. */
const isTime = (column: string): boolean => column.endsWith("Time")

/** Rows as they are sent, their times written as the operation writes them. */
export const withTimes = (rows: readonly Row[], write: (at: Instant) => string): Row[] =>
  rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([column, value]) => [
        column,
        // What a column of times holds is an Instant or null.
        isTime(column) && typeof value === "string" ? write(value as Instant) : value,
      ]),
    ),
  )
