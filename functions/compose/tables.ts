import { UnavailableError } from "@spinor/core/errors"
import { systemClock } from "@spinor/core/instant"
import { DATABASES } from "@spinor/db/sql/declared"
import { MigrationError } from "@spinor/db/sql/migrations/error"
import { migrate } from "@spinor/db/sql/migrations/migrate"
import { refuseNewer } from "@spinor/db/sql/migrations/status"
import { paint } from "./log.ts"
import type { Stores } from "./stores.ts"

/** Databases that share an engine are brought up to date in one go. */
export async function bringUpToDate({ connections, databases }: Stores): Promise<void> {
  for (const names of connections.byEngine(DATABASES)) {
    try {
      const results = await migrate(await connections.engineOf(names[0] ?? ""), names, systemClock)
      for (const { database, differences } of results) {
        for (const each of differences) {
          process.stdout.write(`${paint("dim", `${database} is adopted:`)} ${each}\n`)
        }
      }
    } catch (cause) {
      if (cause instanceof MigrationError) throw cause
      const reason = `cannot make the tables of ${names.join(", ")} in ${databases.join(", ")}`
      throw new UnavailableError(`${reason}: is the database there?`, { cause })
    }
  }
}

/**
 * A deployment migrates by a command of its own; whoever starts with the code of before is told. A
 * database that is away is no reason not to start: the requests that need it say so.
 */
export async function refuseNewerTables({ connections }: Stores): Promise<void> {
  const checks = connections.byEngine(DATABASES).map(async (names) => {
    try {
      await refuseNewer(await connections.engineOf(names[0] ?? ""), names)
    } catch (error) {
      if (error instanceof MigrationError) throw error
    }
  })
  await Promise.all(checks)
}
