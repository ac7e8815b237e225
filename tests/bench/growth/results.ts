import { mkdir, writeFile } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import { readable } from "../load/statistics.ts"
import type { Report } from "../report.ts"
import type { Growth } from "./statements.ts"
import { thatDoNotFall, type Cost } from "./writes.ts"

export interface Found {
  readonly sizes: { readonly few: number; readonly many: number }
  readonly statements: readonly Growth[]
  readonly writes: readonly Cost[]
}

/** For people: a line for each statement, and for each size of a call. */
export function tableOf({ sizes, statements, writes }: Found): Report {
  const [few, many] = [sizes.few, sizes.many].map((jobs) => jobs.toLocaleString("en"))
  const row = (what: string, each: { few: number; many: number }, more = {}) => ({
    what,
    [`${few} jobs, ms`]: readable(each.few),
    [`${many} jobs, ms`]: readable(each.many),
    ratio: readable(each.many / each.few),
    limit: "",
    "rows read": "",
    "of many": "",
    ...more,
  })
  const slow = statements.filter(({ few, many, limit }) => limit && !(many / few <= limit))
  const faults = [
    ...slow.map(({ what, few, many }) => `${what}: ${readable(many / few)} times as long`),
    ...thatDoNotFall(writes).map(({ series, size }) => `${series}: ${size} in a call cost no less`),
    ...writes.flatMap(({ series, fault }) => (fault === undefined ? [] : [`${series}: ${fault}`])),
  ]
  return {
    title: "Growth: what a statement takes, and the processor time of a job",
    rows: [
      ...statements.map((each) =>
        row(each.what, each, {
          limit: each.limit ?? "",
          "rows read": each.rowsFew,
          "of many": each.rowsMany,
        }),
      ),
      ...writes.map((each) => row(`${each.series}, ${each.size} in a call: CPU of a job`, each)),
    ],
    requirement: ["pages do not grow, and a job costs less in larger calls", ...faults].join(
      "\n     ",
    ),
    holds: faults.length === 0,
  }
}

const FOLDER = fileURLToPath(new URL("../results/", import.meta.url))

/** Writes it for programs. */
export async function saveGrowth(found: Found): Promise<void> {
  await mkdir(FOLDER, { recursive: true })
  await writeFile(`${FOLDER}growth.json`, `${JSON.stringify(found, undefined, 2)}\n`)
}
