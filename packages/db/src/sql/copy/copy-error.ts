import type { TableLayout } from "../layout.ts"
import type { Key } from "./pages.ts"

/** Why a copy does not begin, or ends early. The message is one line, and tells keys, but no other values. */
export class CopyError extends Error {
  override readonly name = "CopyError"
}

/** "JobID = 5, Name = "x"" */
export const describeKey = (table: TableLayout, key: Key): string =>
  table.key
    .map((position, i) => {
      const column = table.columns[position]
      const text = key[i] ?? ""
      return `${column?.name} = ${column?.kind === "integer" ? text : JSON.stringify(text)}`
    })
    .join(", ")
