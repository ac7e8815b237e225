import { DatabaseSync } from "node:sqlite"
import type { Probe } from "./probe.ts"

/** Files whose tables have names of their own, as one database; all are in WAL mode from then on. */
export function sqliteProbe([first = ":memory:", ...others]: readonly string[]): Probe {
  const database = new DatabaseSync(first, { timeout: 30_000 })
  for (const [at, file] of others.entries()) {
    database.prepare(`ATTACH ? AS other${at}`).run(file)
  }
  for (const name of ["main", ...others.map((_, at) => `other${at}`)]) {
    const row = database.prepare(`PRAGMA ${name}.journal_mode = WAL`).get()
    if (row?.["journal_mode"] !== "wal") throw new Error(`${name} of ${first} is not in WAL mode`)
  }
  return {
    run: (statement, values = []) => Promise.resolve(database.prepare(statement).run(...values)),
    count: (rows) =>
      Promise.resolve(Number(database.prepare(`SELECT COUNT(*) AS n FROM ${rows}`).get()?.["n"])),
    statements: () => Promise.resolve(Number.NaN),
    words: {
      series: (from, to) =>
        `(WITH RECURSIVE s (seq) AS (SELECT ${from} UNION ALL SELECT seq + 1 FROM s WHERE seq < ${to}) SELECT seq FROM s)`,
      after: (time, seconds) =>
        `strftime('%Y-%m-%d %H:%M:%S.000000', unixepoch('${time}') + ${seconds}, 'unixepoch')`,
      analyze: "ANALYZE",
    },
  }
}
