import { stripVTControlCharacters } from "node:util"

// C0 and C1 controls, and those that turn the direction of writing.
const CONTROLS = /[\p{Cc}\u202a-\u202e\u2066-\u2069]+/gu

/** A text of somebody else on one line, without what would steer the terminal. */
export const printable = (text: string): string => printableLine(text).trim()

/** The same of a line whose indentation is to be kept. */
export const printableLine = (text: string): string =>
  stripVTControlCharacters(text).replace(CONTROLS, " ").trimEnd()
