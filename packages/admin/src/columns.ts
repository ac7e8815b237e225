/** Rows as lines whose cells stand below one another; a column that is empty throughout is left out. */
export function aligned(
  rows: readonly (readonly string[])[],
  { toTheRight = [] }: { toTheRight?: readonly number[] } = {},
): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  )
  return rows.map((row) =>
    widths
      .flatMap((width, column) => {
        const cell = row[column] ?? ""
        if (width === 0) return []
        return toTheRight.includes(column) ? cell.padStart(width) : cell.padEnd(width)
      })
      .join("  ")
      .trimEnd(),
  )
}
