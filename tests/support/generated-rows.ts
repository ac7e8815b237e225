import { sql } from "drizzle-orm"
import { getTableConfig, type MySqlTable } from "drizzle-orm/mysql-core"
import type { SqlConnections } from "@spinor/db/sql/connections"
import { declaredTables } from "@spinor/db/sql/declared"
import { mysqlColumns } from "@spinor/db/sql/dialects/mysql-columns"
import type { Engine } from "@spinor/db/sql/engine"
import { layoutOf, type Kind, type TableLayout } from "@spinor/db/sql/layout"
import type { Choices } from "./random.ts"

export interface Generating {
  readonly databases: readonly string[]
  readonly rows: number
  /** Whether times have microseconds, which MySQL's columns do not. */
  readonly microseconds: boolean
}

/** Fills every table with values that databases are known to lose, each bound as the driver takes it. */
export async function generateRows(
  engine: Engine,
  { databases, rows, microseconds }: Generating,
  choices: Choices,
): Promise<void> {
  for (const table of layoutOf(databases)) {
    const lengths = lengthsOf(table)
    await engine.transaction(async (db) => {
      for (let i = 1; i <= rows; i += 1) {
        const names = table.columns.map(({ name }) => sql`${sql.identifier(name)}`)
        const values = table.columns.map(({ name, kind }, position) => {
          const distinct = table.key.includes(position) || MUST_DIFFER.has(name)
          const value = valueOf(kind, { name, i, distinct, microseconds, choices })
          if (value === null || typeof value !== "string" || kind !== "text") return sql`${value}`
          return sql`${Array.from(value).slice(0, lengths.get(name)).join("")}`
        })
        await db.run(
          sql`insert into ${sql.identifier(table.name)} (${sql.join(names, sql`, `)}) values (${sql.join(values, sql`, `)})`,
        )
      }
    })
  }
}

/** Log records in a SQLite file, as many as are not copied at once. */
export async function logMany(database: SqlConnections, rows: number): Promise<void> {
  const engine = await database.engineOf("JobLoggingDB")
  await engine.transaction((db) =>
    db.run(
      sql`insert into LoggingInfo select n, 1, 'Done', 'm', 'a', '2026-11-21 08:00:00.000000', n, 's'
        from (with recursive c(n) as (select 1 union all select n + 1 from c where n < ${rows}) select n from c)`,
    ),
  )
}

/** Columns of a unique index, and those that take certain words only. */
const MUST_DIFFER = new Set(["Owner", "SEPFN", "DeviceCode"])
const WORDS: Readonly<Record<string, readonly string[]>> = {
  VerifiedFlag: ["True", "False"],
  AccountedFlag: ["True", "False", "Failed"],
  AccountingSent: ["True", "False"],
}
const NULLABLE = new Set(["SubmissionTime", "EndExecTime", "ExecutionTime", "IDToken", "Code"])

const TEXTS = [
  "",
  " ",
  "ends in a space ",
  "NULL",
  'it\'s "quoted" \\ and \\0 \\n',
  "line\nline\r\n\ttab",
  "Zürich Ωμέγα 日本語 עברית",
  "👩‍🔬🧪 four bytes each 𝔘",
  "%_?:x $1 ${y}",
  "\u0001\u001b\u007f\u0085\uFEFF",
]

/** The second is one that SQLite reads wrongly from a text, the third one that MySQL shortens for its clients. */
const DOUBLES = [
  0.1 + 0.2,
  1.566791945280727e44,
  933.0551246631021,
  -1.7976931348623157e308,
  5e-324,
  0,
]

interface Drawn {
  readonly name: string
  readonly i: number
  readonly distinct: boolean
  readonly microseconds: boolean
  readonly choices: Choices
}

function valueOf(
  kind: Kind,
  { name, i, distinct, microseconds, choices }: Drawn,
): string | number | null {
  const isNull = NULLABLE.has(name) && choices.chance(30)
  if (isNull) return null
  switch (kind) {
    case "integer":
      if (distinct || /Id$|ID$/.test(name)) return i
      if (/^(Bytes|CPUTime)$/.test(name))
        return choices.pick([
          "9223372036854775807",
          "-9223372036854775808",
          "9007199254740993",
          "0",
        ])
      return choices.pick(["2147483647", "-2147483648", "0", "-1"])
    case "boolean":
      return choices.below(2)
    case "double":
      return choices.pick(DOUBLES)
    case "decimal":
      return choices.pick(["-999999999.999", "0.001", "123456789.120", "5"])
    case "text": {
      const words = WORDS[name]
      if (words !== undefined) return choices.pick(words)
      if (name === "JDL") return `${choices.pick(TEXTS)}${"big text ".repeat(choices.below(5000))}`
      return `${distinct ? `${i}:` : ""}${choices.pick(TEXTS)}`
    }
    case "json":
      return JSON.stringify({
        text: choices.pick(TEXTS),
        big: "é".repeat(choices.chance(20) ? 2 ** 19 : 1),
      }).replace("{", `{"n": 12345678901234567890, "e": 1.5e3, "": [null, {"b": 1, "a": []}], `)
    case "datetime": {
      const fraction = microseconds ? String(choices.below(1e6)).padStart(6, "0") : "000000"
      const seconds = String(i % 60).padStart(2, "0")
      const day = choices.pick(["1000-01-01", "2026-11-21", "9999-12-31"])
      return `${day} 23:59:${seconds}.${fraction}`
    }
    case "uuid":
      return `${choices.pick(["00000000", "0197a4e2", "ffffffff"])}7b527c3d9c4e${String(i).padStart(12, "0")}`
  }
}

function lengthsOf({ database, name }: TableLayout): Map<string, number> {
  const tables = Object.values(declaredTables[database]?.(mysqlColumns) ?? {}) as MySqlTable[]
  const table = tables.map(getTableConfig).find((each) => each.name === name)
  return new Map(
    table?.columns.flatMap((column) => {
      const length = /^varchar\((\d+)\)/.exec(column.getSQLType())?.[1]
      return length === undefined ? [] : [[column.name, Number(length)]]
    }),
  )
}
