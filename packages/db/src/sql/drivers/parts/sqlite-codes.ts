/** SQLite's result codes that mean something here, by their numbers (https://www.sqlite.org/rescode.html). */
const CODES: Readonly<Record<number, string>> = {
  1: "SQLITE_ERROR",
  5: "SQLITE_BUSY",
  6: "SQLITE_LOCKED",
  10: "SQLITE_IOERR",
  11: "SQLITE_CORRUPT",
  13: "SQLITE_FULL",
  14: "SQLITE_CANTOPEN",
  18: "SQLITE_TOOBIG",
  19: "SQLITE_CONSTRAINT",
  20: "SQLITE_MISMATCH",
  1555: "SQLITE_CONSTRAINT_PRIMARYKEY",
  2067: "SQLITE_CONSTRAINT_UNIQUE",
}

/** The name of an error of Node's, which tells but a number; of one that is unknown that of its kind, the lowest byte. */
export function sqliteCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("errcode" in error)) return undefined
  const number = Number(error.errcode)
  return CODES[number] ?? CODES[number & 0xff] ?? `SQLITE_${number}`
}
