import type { Row } from "./search.ts"
import type { Shell, Style } from "./shell.ts"
import { list, table, type Dress } from "./table.ts"

const STYLES: Readonly<Record<string, Style>> = {
  Done: "green",
  Completed: "green",
  Running: "cyan",
  Failed: "red",
  Aborted: "red",
  Stalled: "yellow",
  Killed: "yellow",
  Deleted: "dim",
}

const TIME = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?Z$/

/** A value as people read it; times are in UTC, to the second. */
export function shown(value: unknown): string {
  if (value === null || value === undefined) return ""
  if (typeof value === "string") return value.replace(TIME, "$1 $2")
  return JSON.stringify(value)
}

/** Colours the status, and makes the names of columns fainter than their values. */
const dressed =
  ({ paint }: Shell, columns: readonly string[]): Dress =>
  (text, column, row) => {
    if (row === -1) return paint("dim", text)
    const style = columns[column] === "Status" ? STYLES[text] : undefined
    return style === undefined ? text : paint(style, text)
  }

/** What is of no use when it is cut. */
const isRigid = (column: string): boolean => /^Status$|ID$|[Ss]tamp$|Time$/.test(column)

/** Undefined where the terminal is too narrow for a table of these columns. */
export function tableText(
  shell: Shell,
  columns: readonly string[],
  rows: readonly Row[],
): string | undefined {
  const cells = rows.map((row) => columns.map((column) => shown(row[column])))
  const { columns: width } = shell.stdout
  return table(columns, cells, { width, rigid: isRigid, dress: dressed(shell, columns) })
}

/** A table, or one list a row where the terminal is too narrow for it. */
export const rowsText = (shell: Shell, columns: readonly string[], rows: readonly Row[]): string =>
  tableText(shell, columns, rows) ?? rows.map((row) => pairsText(shell, columns, row)).join("\n")

/** The columns of one row below each other. */
export function pairsText({ paint }: Shell, columns: readonly string[], row: Row): string {
  const pairs = columns.map((column) => [column, shown(row[column])] as const)
  return list(pairs, (text, column, index) => {
    if (column === 0) return paint("dim", text)
    const style = columns[index] === "Status" ? STYLES[text] : undefined
    return style === undefined ? text : paint(style, text)
  })
}
