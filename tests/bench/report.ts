/** What a benchmark found. */
export interface Report {
  readonly title: string
  /** A line each, with the same columns. */
  readonly rows: readonly Readonly<Record<string, string | number>>[]
  /** What must hold, and whether it does. */
  readonly requirement: string
  readonly holds: boolean
}

/** A report for people: a table under its title, and the verdict. */
export function asText({ title, rows, requirement, holds }: Report): string {
  const columns = Object.keys(rows[0] ?? {})
  const cells = [columns, ...rows.map((row) => columns.map((column) => String(row[column] ?? "")))]
  const widths = columns.map((_, i) => Math.max(...cells.map((line) => line[i]?.length ?? 0)))
  const lines = cells.map((line) =>
    line.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))),
  )
  const table = lines.map((line) => `  ${line.join("  ")}`).join("\n")
  return `${title}\n${table}\n${holds ? "ok  " : "FAIL"} ${requirement}\n`
}
