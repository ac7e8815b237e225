import type { MySqlColumn } from "drizzle-orm/mysql-core"

/** A value as the driver takes it; what is absent is null. */
export const driverValue = (column: MySqlColumn, value: unknown): unknown =>
  value === undefined || value === null ? null : column.mapToDriverValue(value)
