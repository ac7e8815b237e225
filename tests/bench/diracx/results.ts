import { mkdir, writeFile } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import { readable } from "../load/statistics.ts"
import { svgOf } from "../plot.ts"
import type { Report } from "../report.ts"
import type { Figures } from "./measure.ts"

/** How the candidates fared in one workload. */
export interface Result {
  readonly workload: string
  readonly figures: ReadonlyMap<string, Figures>
}

/** For people: a line for each server in each workload; the others' ratios say how much better ours is. */
export function tableOf(title: string, results: readonly Result[], ours: string): Report {
  const faults = results.flatMap(({ workload, figures }) =>
    [...figures].flatMap(([name, { fault }]) =>
      fault === undefined ? [] : [`${workload}, ${name}: ${fault}`],
    ),
  )
  return {
    title,
    rows: results.flatMap(({ workload, figures }) =>
      [...figures].map(([name, each]) => ({
        workload: name === ours ? workload : "",
        server: name,
        n: each.operations,
        "/s": readable(each.rate),
        ratio: name === ours ? "" : ratioOf(figures, [ours, name]),
        p50: readable(each.p50),
        p95: readable(each.p95),
        "p99 ms": readable(each.p99),
        SQL: readable(each.statements),
        bytes: Math.round(each.bytes),
        "CPU s server": readable(each.cpuServer),
        "+ MariaDB": readable(each.cpuDatabase),
        "CPU ratio": name === ours ? "" : cpuRatioOf(figures, [ours, name]),
        others: readable(each.others),
        "RSS MB": Math.round(each.megabytes),
      })),
    ),
    requirement: ["every answer is right", ...faults].join("\n     "),
    holds: faults.length === 0,
  }
}

/** Ours, and what it is compared with, by their names. */
type Pair = readonly [ours: string, other: string]

const DIRACX: Pair = ["spinor", "diracx"]
const FLOOR: Pair = ["spinor", "floor"]

const FOLDER = fileURLToPath(new URL("../results/", import.meta.url))

/** Writes them for programs (operations a second, milliseconds, SQL statements of an operation), and as a plot. */
export async function writeResults(
  results: readonly Result[],
  { name, jobs }: { name: string; jobs: string },
): Promise<void> {
  await mkdir(FOLDER, { recursive: true })
  await writeFile(`${FOLDER}${name}.json`, `${JSON.stringify(listOf(results), undefined, 2)}\n`)
  await writeFile(`${FOLDER}${name}.svg`, plotOf(results, jobs))
}

const plotOf = (results: readonly Result[], jobs: string): string =>
  svgOf({
    title: `Spinor and DiracX side by side, ${jobs}`,
    unit: "operations a second, logarithmic",
    series: [
      { name: "Spinor", colour: "#2a78d6" },
      { name: "DiracX", colour: "#eb6834" },
      { name: "bare Hono", colour: "#9b9b9b" },
    ],
    groups: results.map(({ workload, figures }) => ({
      name: workload,
      note: `${ratioOf(figures, DIRACX)}×`,
      values: (["spinor", "diracx", "floor"] as const).map(
        (name) => figures.get(name)?.rate || undefined,
      ),
    })),
  })

const listOf = (results: readonly Result[]) =>
  results.map(({ workload, figures }) => {
    const [ours, diracx, floor] = [
      figures.get("spinor"),
      figures.get("diracx"),
      figures.get("floor"),
    ]
    return {
      workload,
      ours: rounded(ours?.rate),
      diracx: rounded(diracx?.rate),
      floor: rounded(floor?.rate),
      ratio: ratioOf(figures, DIRACX),
      cpuRatio: cpuRatioOf(figures, DIRACX),
      floorRatio: ratioOf(figures, FLOOR),
      floorCpuRatio: cpuRatioOf(figures, FLOOR),
      p95Ours: rounded(ours?.p95),
      p95DiracX: rounded(diracx?.p95),
      statementsOurs: rounded(ours?.statements),
      statementsDiracX: rounded(diracx?.statements),
      details: Object.fromEntries(figures),
    }
  })

const rounded = (value: number | undefined): number | null =>
  value === undefined || Number.isNaN(value) ? null : readable(value)

/** How many times as many operations a second ours does. */
const ratioOf = (figures: Result["figures"], [ours, other]: Pair): number =>
  readable((figures.get(ours)?.rate ?? Number.NaN) / (figures.get(other)?.rate ?? Number.NaN))

/** How many times less processor time, of server and database together, ours takes. */
function cpuRatioOf(figures: Result["figures"], [ours, other]: Pair): number {
  const cpu = (name: string) => {
    const { cpuServer, cpuDatabase } = figures.get(name) ?? {}
    return (cpuServer ?? Number.NaN) + (cpuDatabase ?? Number.NaN)
  }
  return readable(cpu(other) / cpu(ours))
}
