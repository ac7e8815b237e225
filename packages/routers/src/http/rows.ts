import type { Instant } from "@spinor/core/instant"

export type Row = Readonly<Record<string, unknown>>

/** Columns of times, by DIRAC's habit of naming them. */
const isTime = (column: string): boolean => column.endsWith("Time")

/** Rows of the same columns as they are sent, their times written as the operation writes them. */
export function withTimes(rows: readonly Row[], write: (at: Instant) => string): Row[] {
  const [first = {}] = rows
  const times = Object.keys(first).filter(isTime)
  return rows.map((row) => {
    const written = { ...row }
    for (const column of times) {
      const value = row[column]
      // What a column of times holds is an Instant or null.
      if (typeof value === "string") written[column] = write(value as Instant)
    }
    return written
  })
}
