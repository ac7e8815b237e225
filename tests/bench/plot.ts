/** Bars on a logarithmic axis, in groups: a plot that a README can show. */
export interface Plot {
  readonly title: string
  readonly unit: string
  readonly series: readonly { readonly name: string; readonly colour: string }[]
  /** A value for each series; undefined where there is none. */
  readonly groups: readonly {
    readonly name: string
    readonly note: string
    readonly values: readonly (number | undefined)[]
  }[]
}

const WIDTH = 900
const NAMES = 190
const NOTES = 60
const TOP = 64
const BAR = 9

/** The text of an SVG file, readable on a light and on a dark page. */
export function svgOf({ title, unit, series, groups }: Plot): string {
  const values = groups.flatMap((group) => group.values.filter((value) => value !== undefined))
  const [low, high] = [
    decade(Math.min(...values), Math.floor),
    decade(Math.max(...values), Math.ceil),
  ]
  const x = (value: number) =>
    NAMES + ((Math.log10(value) - low) / Math.max(1, high - low)) * (WIDTH - NAMES - NOTES)
  const step = series.length * BAR + 10
  const height = TOP + groups.length * step + 24
  const grid = Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i)).map(
    (value) =>
      `<path d="M${x(value)} ${TOP - 6}V${height - 20}" stroke="#8884"/>` +
      text(x(value), height - 6, value.toLocaleString("en"), "middle"),
  )
  const legend = series.map(
    ({ name, colour }, i) =>
      `<rect x="${NAMES + i * 130}" y="32" width="12" height="12" fill="${colour}"/>` +
      text(NAMES + i * 130 + 18, 42, name),
  )
  const bars = groups.map(({ name, note, values: own }, row) => {
    const top = TOP + row * step
    const middle = top + (series.length * BAR) / 2 + 4
    const each = own.map((value, i) =>
      value === undefined
        ? ""
        : `<rect x="${NAMES}" y="${top + i * BAR}" width="${Math.max(1, x(value) - NAMES).toFixed(1)}" height="${BAR - 1}" fill="${series[i]?.colour}"><title>${name}, ${series[i]?.name}: ${value} ${unit}</title></rect>`,
    )
    return (
      text(NAMES - 8, middle, name, "end") + each.join("") + text(WIDTH - 8, middle, note, "end")
    )
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="12" fill="#888">
${[text(8, 20, `${title} (${unit})`), ...legend, ...grid, ...bars].join("\n")}
</svg>
`
}

const decade = (value: number, round: (exponent: number) => number): number =>
  round(Math.log10(value))

const text = (x: number, y: number, content: string, anchor = "start"): string =>
  `<text x="${x.toFixed(1)}" y="${y}" text-anchor="${anchor}">${escaped(content)}</text>`

const escaped = (content: string): string =>
  content.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
