import { sql } from "drizzle-orm"
import { instant, type Instant } from "@spinor/core/instant"
import { lowestUuid7 } from "@spinor/core/security/uuid7"
import type { Queries } from "../queries.ts"
import type { Dialect } from "../dialects/dialect.ts"

// On MySQL, RefreshTokens has a partition a month, as DiracX makes them: JTI begins with the time.

/** A calendar month in UTC, counted from the year 0. */
export type Month = number

export const monthOf = (at: Instant): Month =>
  Number(at.slice(0, 4)) * 12 + Number(at.slice(5, 7)) - 1

/** The lowest JTI of a month; there are none before 1970. */
export function firstJtiOf(month: Month): string {
  const counted = Math.max(month, 1970 * 12)
  const number = String((counted % 12) + 1).padStart(2, "0")
  return lowestUuid7(instant(`${yearOf(counted)}-${number}-01T00:00:00Z`))
}

const yearOf = (month: Month): number => Math.floor(month / 12)

/** DiracX does not pad the month with a zero. */
export const partitionName = (month: Month): string => `p_${yearOf(month)}_${(month % 12) + 1}`

/** The months of partitions that DiracX has named, or we have. */
const monthsOf = (names: readonly string[]): Month[] =>
  names.flatMap((name) => {
    const [, year, number] = /^p_(\d{4})_(\d{1,2})$/.exec(name) ?? []
    const month = Number(year) * 12 + Number(number) - 1
    return partitionName(month) === name ? month : []
  })

/** Takes what is later than the months that have partitions. */
const FUTURE = "p_future"
/** The months that a new table has partitions for, this one included. */
const NEW_MONTHS = 24
/** The months after this one that there are always partitions for. */
const MONTHS_AHEAD = 12

/** What upkeep does to partitions. */
export interface PartitionPlan {
  readonly add: readonly Month[]
  readonly drop: readonly Month[]
}

/**
 * Adds up to a year ahead; drops a month when all of it is before the oldest that is kept. A table that is
 * partitioned in another way than DiracX's is left alone.
 */
export function planPartitions(
  existing: readonly string[],
  now: Month,
  oldest: Month,
): PartitionPlan {
  if (!existing.includes(FUTURE)) return { add: [], drop: [] }
  const months = monthsOf(existing)
  const next = months.length === 0 ? now : Math.max(Math.max(...months) + 1, oldest)
  return {
    add: range(next, now + MONTHS_AHEAD + 1),
    drop: months.filter((month) => month < oldest),
  }
}

const range = (from: Month, end: Month): Month[] =>
  Array.from({ length: Math.max(0, end - from) }, (_, i) => from + i)

/** The partitions of RefreshTokens in their order; none where the table is plain. */
export async function refreshTokenPartitions(db: Queries, dialect: Dialect): Promise<string[]> {
  if (dialect.name !== "mysql") return []
  const rows = await db.run(
    sql`select partition_name as name from information_schema.partitions where table_schema = database()
      and table_name = 'RefreshTokens' and partition_name is not null order by partition_ordinal_position`,
  )
  return rows.map((row) => String(row["name"]))
}

/** Gives a table that was just made its partitions. */
export async function partitionRefreshTokens(
  db: Queries,
  dialect: Dialect,
  now: Instant,
): Promise<void> {
  if (dialect.name !== "mysql") return
  const first = monthOf(now)
  const partitions = definitions(range(first, first + NEW_MONTHS))
  await db.run(
    sql.raw(`alter table RefreshTokens partition by range columns (JTI) (${partitions})`),
  )
}

/** Splits the partition that takes what is later than all others. */
export const splitFuture = (db: Queries, months: readonly Month[]) =>
  altering(db, `reorganize partition ${FUTURE} into (${definitions(months)})`)

export const dropPartitions = (db: Queries, months: readonly Month[]) =>
  altering(db, `drop partition ${months.map(partitionName).join(", ")}`)

/** While a change waits for the table's lock, all logins wait behind it; it is tried again. */
const LOCK_SECONDS = 1

async function altering(db: Queries, change: string): Promise<void> {
  await db.run(sql.raw(`set session lock_wait_timeout = ${LOCK_SECONDS}`))
  try {
    await db.run(sql.raw(`alter table RefreshTokens ${change}`))
  } finally {
    await db.run(sql.raw("set session lock_wait_timeout = default"))
  }
}

/** MySQL 8 compares the digits, MariaDB reads them as a UUID. */
function definitions(months: readonly Month[]): string {
  const each = months.map((month) => {
    const end = firstJtiOf(month + 1).replaceAll("-", "")
    return `partition ${partitionName(month)} values less than ('${end}')`
  })
  return [...each, `partition ${FUTURE} values less than (maxvalue)`].join(", ")
}
