import type { TableLayout } from "../layout.ts"
import type { Row } from "./values.ts"

/** The key of a row as its database spells it; where a copy goes on. */
export type Key = readonly string[]

/** Of a row as it was read. */
export const keyOf = (table: TableLayout, row: Row): Key =>
  table.key.map((position) => row[position] ?? "")

/** "JobID = 5, Name = "x"" */
export const describeKey = (table: TableLayout, key: Key): string =>
  table.key
    .map((position, i) => {
      const column = table.columns[position]
      const text = key[i] ?? ""
      return `${column?.name} = ${column?.kind === "integer" ? text : JSON.stringify(text)}`
    })
    .join(", ")
