/** The value below or at which this part of the values lies (nearest rank); NaN of none. */
export function percentile(sorted: ArrayLike<number>, part: number): number {
  const rank = Math.max(1, Math.ceil(part * sorted.length))
  return sorted[rank - 1] ?? Number.NaN
}

/** The middle value, or the mean of the two in the middle; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const above = sorted[sorted.length >> 1] ?? Number.NaN
  const below = sorted[(sorted.length - 1) >> 1] ?? Number.NaN
  return (above + below) / 2
}

/** By how much y grows with x, by least squares; NaN of fewer than two points. */
export function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (of: 0 | 1) => points.reduce((sum, point) => sum + point[of], 0) / points.length
  const [x, y] = [mean(0), mean(1)]
  const together = points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0)
  return together / points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0)
}

/** So that it can be read: three significant digits, and no fewer than the whole part has. */
export function readable(value: number): number {
  if (!Number.isFinite(value) || value === 0) return value
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))))
  return Number(value.toFixed(digits))
}
