import { createConnection, type RowDataPacket } from "mysql2/promise"

/** A table in the form of tests/vectors/schema-mysql.json. */
export interface TableSchema {
  readonly engine: string
  readonly collation: string
  readonly columns: readonly object[]
  readonly primaryKey: readonly string[]
  readonly indexes: readonly { name: string; columns: string[]; unique: boolean }[]
  readonly foreignKeys: readonly object[]
  readonly checks?: readonly object[]
  readonly partitioning?: Partitioning
}

/** The ranges of RefreshTokens, by the time that is in a token's id. */
interface Partitioning {
  readonly method: string | undefined
  readonly expression: string | undefined
  readonly count: number
  /** Of the month in which the tables were made. */
  readonly first: string | undefined
  readonly firstLessThan: string | undefined
  readonly last: string | undefined
  readonly lastLessThan: string | undefined
}

type Row = Record<string, string>

/** Reads the tables of a database as information_schema of MariaDB shows them. */
export async function readSchema(
  server: string,
  database: string,
): Promise<Record<string, TableSchema>> {
  const connection = await createConnection(server)
  const select = async (from: string): Promise<Row[]> => {
    const [rows] = await connection.query<(Row & RowDataPacket)[]>(from, [database])
    return rows
  }
  const tables = await select(
    "select * from information_schema.tables where table_schema = ? order by table_name",
  )
  const columns = await select(
    "select * from information_schema.columns where table_schema = ? order by ordinal_position",
  )
  const keys = await select(
    "select * from information_schema.statistics where table_schema = ? order by index_name, seq_in_index",
  )
  const foreign = await select(
    `select k.*, r.update_rule, r.delete_rule from information_schema.key_column_usage k
     join information_schema.referential_constraints r using (constraint_schema, constraint_name, table_name)
     where k.table_schema = ? order by constraint_name, ordinal_position`,
  )
  const checks = await select(
    "select * from information_schema.check_constraints where constraint_schema = ?",
  )
  const partitions = await select(
    "select * from information_schema.partitions where table_schema = ? and partition_name is not null order by partition_ordinal_position",
  )
  await connection.end()

  return Object.fromEntries(
    tables.map((table) => {
      const of = (rows: Row[]) => rows.filter((row) => row["TABLE_NAME"] === table["TABLE_NAME"])
      const found = of(checks).map((row) => ({
        name: row["CONSTRAINT_NAME"],
        clause: row["CHECK_CLAUSE"],
      }))
      const schema: TableSchema = {
        engine: table["ENGINE"] ?? "",
        collation: table["TABLE_COLLATION"] ?? "",
        columns: of(columns).map((row) => columnOf(row, table)),
        primaryKey: of(keys).flatMap((row) =>
          row["INDEX_NAME"] === "PRIMARY" ? (row["COLUMN_NAME"] ?? []) : [],
        ),
        indexes: indexesOf(of(keys)),
        foreignKeys: of(foreign).map((row) => ({
          name: row["CONSTRAINT_NAME"],
          columns: [row["COLUMN_NAME"]],
          refTable: row["REFERENCED_TABLE_NAME"],
          refColumns: [row["REFERENCED_COLUMN_NAME"]],
          onUpdate: row["update_rule"] ?? row["UPDATE_RULE"],
          onDelete: row["delete_rule"] ?? row["DELETE_RULE"],
        })),
        ...(found.length > 0 && { checks: found }),
        ...partitioningOf(of(partitions)),
      }
      return [table["TABLE_NAME"], schema]
    }),
  )
}

function columnOf(row: Row, table: Row): object {
  const collation = row["COLLATION_NAME"]
  const standard = row["COLUMN_DEFAULT"] ?? "NULL"
  return {
    name: row["COLUMN_NAME"],
    type: row["COLUMN_TYPE"],
    nullable: row["IS_NULLABLE"] === "YES",
    default: standard === "NULL" ? null : standard,
    autoincrement: row["EXTRA"] === "auto_increment",
    ...(collation !== null && collation !== table["TABLE_COLLATION"] && { collation }),
  }
}

function partitioningOf(partitions: readonly Row[]): Pick<TableSchema, "partitioning"> {
  const [first, last] = [partitions[0], partitions.at(-1)]
  if (first === undefined) return {}
  return {
    partitioning: {
      method: first["PARTITION_METHOD"],
      expression: first["PARTITION_EXPRESSION"],
      count: partitions.length,
      first: first["PARTITION_NAME"],
      firstLessThan: first["PARTITION_DESCRIPTION"],
      last: last?.["PARTITION_NAME"],
      lastLessThan: last?.["PARTITION_DESCRIPTION"],
    },
  }
}

function indexesOf(keys: readonly Row[]): TableSchema["indexes"] {
  const names = [...new Set(keys.map((row) => row["INDEX_NAME"] ?? ""))]
  return names
    .filter((name) => name !== "PRIMARY")
    .map((name) => {
      const parts = keys.filter((row) => row["INDEX_NAME"] === name)
      return {
        name,
        columns: parts.map((row) => row["COLUMN_NAME"] ?? ""),
        unique: Number(parts[0]?.["NON_UNIQUE"]) === 0,
      }
    })
}
