import type { FieldType } from "./database.ts"
import type { Pattern } from "./pattern.ts"

/** What a field holds that can be compared: a text, or a number; times are milliseconds since 1970. */
export type Value = string | number

/** From a value on, beyond it, or up to one that is not included. */
export interface Range {
  readonly from?: Value
  readonly over?: Value
  readonly below?: Value
}

export type Test =
  | { readonly is: "oneOf"; readonly values: readonly Value[] }
  /** In one of the ranges. */
  | { readonly is: "within"; readonly ranges: readonly Range[] }
  /** As SQL's LIKE, with a backslash before what is meant literally. */
  | { readonly is: "like"; readonly pattern: string }
  /** Found anywhere in the text. */
  | { readonly is: "matches"; readonly pattern: Pattern }

/** A condition that was checked: the field is declared, and its type can be compared so. */
export interface Condition {
  readonly field: string
  readonly type: FieldType
  readonly test: Test
  /** Holds where the test does not, and where the document lacks the field. */
  readonly negated: boolean
}

/** Documents that lack the field come last, whatever the direction. */
export interface Sort {
  readonly field: string
  readonly type: FieldType
  readonly direction: "asc" | "desc"
}

/** Which documents a caller may see: those of a VO, and only these numbers where they are named. */
export interface Confinement {
  readonly vo?: string
  readonly numbers?: readonly number[]
}

export interface DocumentQuery {
  readonly conditions: readonly Condition[]
  /** All of them occur in the documents' text. */
  readonly words: readonly string[]
  /** Ends with the database's key, so that the order is never left open. */
  readonly sorts: readonly Sort[]
  /** The fields to give; all of them if there are none. */
  readonly fields: readonly string[]
  readonly confinement: Confinement
  readonly size: number
  /** How many documents come before the page, or the values of the sorts in the document before it, if there is one. */
  readonly start: number | readonly Value[]
}

export interface DocumentPage {
  readonly documents: readonly Readonly<Record<string, unknown>>[]
  /** Of all pages; not counted where a page starts after a document. */
  readonly total: number | undefined
  /** The values of the sorts in the last document, if there may be more. */
  readonly next: readonly Value[] | undefined
}
