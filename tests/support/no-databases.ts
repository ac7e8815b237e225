import type { SqlDatabases } from "@spinor/db/sql/unit-of-work"

/** Databases of which every unit of work ends in the same way. */
export const databasesThat = (end: () => Promise<never>): SqlDatabases => ({
  read: end,
  write: end,
  until: () => databasesThat(end),
})

/** For a service that is asked for nothing which it would have to look up. */
export const noDatabases = databasesThat(async () => undefined as never)
