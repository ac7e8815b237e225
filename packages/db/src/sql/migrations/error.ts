/** A database whose tables this code must not touch; the message is one line for an operator. */
export class MigrationError extends Error {
  override readonly name = "MigrationError"
}

/** @param unknown migrations that are recorded, and that this code does not know */
export const newerSchema = (unknown: readonly string[]): MigrationError =>
  new MigrationError(
    `a newer Spinor has changed the tables (${unknown.join(", ")}): use that one, or restore a copy from before`,
  )
