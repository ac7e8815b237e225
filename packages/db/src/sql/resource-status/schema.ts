import { sql } from "drizzle-orm"
import type { Columns } from "../dialects/mysql-columns.ts"

/** ResourceStatusDB's tables, which DIRAC's Resource Status System fills. */
export const resourceStatusTables = (columns: Columns) => {
  const { table, primaryKey, bigSerial, string, datetime } = columns

  const elementStatus = () => ({
    name: string("Name", 64).notNull(),
    statusType: string("StatusType", 128).notNull().default("all"),
    vo: string("VO", 64).notNull().default("all"),
    status: string("Status", 8).notNull().default(""),
    reason: string("Reason", 512).notNull().default("Unspecified"),
    dateEffective: datetime("DateEffective").notNull(),
    tokenExpiration: datetime("TokenExpiration")
      .notNull()
      .default(sql`'9999-12-31 23:59:59'`),
    elementType: string("ElementType", 32).notNull().default(""),
    lastCheckTime: datetime("LastCheckTime")
      .notNull()
      .default(sql`'1000-01-01 00:00:00'`),
    tokenOwner: string("TokenOwner", 16).notNull().default("rs_svc"),
  })
  const present = (name: string) =>
    table(name, elementStatus(), ({ name: element, statusType, vo }) => [
      primaryKey({ name: `${name}_pk`, columns: [element, statusType, vo] }),
    ])
  const past = (name: string) => table(name, { id: bigSerial("ID"), ...elementStatus() })

  return {
    siteStatus: present("SiteStatus"),
    resourceStatus: present("ResourceStatus"),
    siteLog: past("SiteLog"),
    siteHistory: past("SiteHistory"),
    resourceLog: past("ResourceLog"),
    resourceHistory: past("ResourceHistory"),
  }
}

export type ResourceStatusTables = ReturnType<typeof resourceStatusTables>
