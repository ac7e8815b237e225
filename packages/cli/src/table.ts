import stringWidth from "string-width"
import { printable } from "@spinor/admin/printable"

/** How a cell is shown once its width is settled, such as in a colour. */
export type Dress = (text: string, column: number, row: number) => string

export interface TableOptions {
  /** Of the terminal, in characters; unlimited if unknown. */
  readonly width?: number | undefined
  /** Columns that do not give way, by their headers. */
  readonly rigid?: (header: string) => boolean
  /** Row -1 is the header. */
  readonly dress?: Dress
}

const GAP = "  "
/** Columns are not made narrower than this, in characters. */
const NARROWEST = 12

/**
 * Lines of a table, its columns as wide as they need to be; in a terminal the widest give way.
 * Undefined when the terminal is too narrow for any table.
 */
export function table(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  { width = Infinity, rigid = () => false, dress = (text) => text }: TableOptions = {},
): string | undefined {
  const cells = [header, ...rows].map((row) => row.map(printable))
  const wanted = header.map((_, column) =>
    Math.max(...cells.map((row) => stringWidth(row[column] ?? ""))),
  )
  const flexible = header.map((name) => !rigid(name))
  const widths = fitted(wanted, flexible, width - GAP.length * (header.length - 1))
  if (widths === undefined) return undefined
  const lines = cells.map((row, index) =>
    widths
      .map((wide, column) => {
        const text = shortened(row[column] ?? "", wide)
        const rest = column === widths.length - 1 ? 0 : wide - stringWidth(text)
        return dress(text, column, index - 1) + " ".repeat(rest)
      })
      .join(GAP)
      .trimEnd(),
  )
  return `${lines.join("\n")}\n`
}

/** Names and values below each other. */
export function list(
  pairs: readonly (readonly [name: string, value: string])[],
  dress: Dress,
): string {
  const width = Math.max(...pairs.map(([name]) => stringWidth(name)))
  return pairs
    .map(([name, value], row) => {
      const gap = " ".repeat(width - stringWidth(name))
      return `${dress(name, 0, row)}${gap}${GAP}${dress(printable(value), 1, row)}`.trimEnd()
    })
    .map((line) => `${line}\n`)
    .join("")
}

function fitted(
  wanted: readonly number[],
  flexible: readonly boolean[],
  space: number,
): number[] | undefined {
  const widths = [...wanted]
  for (let excess = sum(widths) - space; excess > 0; excess--) {
    const able = widths.map((wide, column) => (flexible[column] === true ? wide : 0))
    const widest = Math.max(...able)
    if (widest <= NARROWEST) return undefined
    widths[able.indexOf(widest)] = widest - 1
  }
  return widths
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0)

const graphemes = new Intl.Segmenter()

function shortened(text: string, width: number): string {
  if (stringWidth(text) <= width) return text
  let kept = ""
  for (const { segment } of graphemes.segment(text)) {
    if (stringWidth(kept + segment) >= width) break
    kept += segment
  }
  return `${kept}…`
}
