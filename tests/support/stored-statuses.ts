import { instant, type Instant } from "@spinor/core/instant"
import { ResourceStatusDB } from "@spinor/db/sql/resource-status/resource-status-db"
import type { SqlDatabases } from "@spinor/db/sql/unit-of-work"

/** The status of a site, or of another element, as the Resource Status System stores it. */
export interface StoredStatus {
  readonly table?: "siteStatus" | "resourceStatus"
  readonly name: string
  readonly elementType?: string
  readonly statusType?: string
  readonly vo?: string
  readonly status: string
  readonly reason?: string
  readonly dateEffective?: Instant
}

class StatusesOfTests extends ResourceStatusDB {
  async add({ table = "resourceStatus", ...element }: StoredStatus): Promise<void> {
    const dateEffective = instant("2026-11-01T12:00:00Z")
    await this.db.insert(this.tables[table]).values({ dateEffective, ...element })
  }
}

/** Stores statuses past the service, which only reads them. */
export const storeStatuses = (
  sql: SqlDatabases,
  statuses: readonly StoredStatus[],
): Promise<void> =>
  sql.write({ resources: StatusesOfTests }, async ({ resources }) => {
    for (const status of statuses) await resources.add(status)
  })
