import { mkdir, writeFile } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import { readable } from "../load/statistics.ts"
import { svgOf } from "../plot.ts"
import type { Report } from "../report.ts"
import type { Candidate, Figures } from "./measure.ts"

/** How the candidates fared in one workload. */
export interface Result {
  readonly workload: string
  readonly figures: ReadonlyMap<Candidate["name"], Figures>
}

/** For people: a line for each server in each workload. */
export function tableOf(
  results: readonly Result[],
  { jobs, facts }: { jobs: number; facts: string },
): Report {
  const faults = results.flatMap(({ workload, figures }) =>
    [...figures].flatMap(([name, { fault }]) =>
      fault === undefined ? [] : [`${workload}, ${name}: ${fault}`],
    ),
  )
  return {
    title: `Side by side with DiracX 0.7.0, ${jobs.toLocaleString("en")} jobs, ${facts}`,
    rows: results.flatMap(({ workload, figures }) =>
      [...figures].map(([name, each]) => ({
        workload: name === "spinor" ? workload : "",
        server: name,
        "/s": readable(each.rate),
        ratio: name === "spinor" ? ratioOf(figures) : "",
        p50: readable(each.p50),
        p95: readable(each.p95),
        "p99 ms": readable(each.p99),
        SQL: readable(each.statements),
        bytes: Math.round(each.bytes),
        "CPU s server": readable(each.cpuServer),
        "+ MariaDB": readable(each.cpuDatabase),
        gain: name === "spinor" ? gainOf(figures) : "",
        "RSS MB": Math.round(each.megabytes),
      })),
    ),
    requirement: ["every answer is right", ...faults].join("\n     "),
    holds: faults.length === 0,
  }
}

const FOLDER = fileURLToPath(new URL("../results/", import.meta.url))

/** Writes them for programs (operations a second, milliseconds, SQL statements of an operation), and as a plot. */
export async function writeResults(results: readonly Result[], jobs: number): Promise<void> {
  await mkdir(FOLDER, { recursive: true })
  await writeFile(`${FOLDER}diracx.json`, `${JSON.stringify(listOf(results), undefined, 2)}\n`)
  await writeFile(`${FOLDER}diracx.svg`, plotOf(results, jobs))
}

const plotOf = (results: readonly Result[], jobs: number): string =>
  svgOf({
    title: `Spinor and DiracX side by side, ${jobs.toLocaleString("en")} jobs`,
    unit: "operations a second",
    series: [
      { name: "Spinor", colour: "#2a78d6" },
      { name: "DiracX", colour: "#eb6834" },
      { name: "bare Hono", colour: "#9b9b9b" },
    ],
    groups: results.map(({ workload, figures }) => ({
      name: workload,
      note: `${ratioOf(figures)}×`,
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
      ratio: ratioOf(figures),
      cpuRatio: gainOf(figures),
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
function ratioOf(figures: Result["figures"]): number {
  const [ours, diracx] = [figures.get("spinor")?.rate, figures.get("diracx")?.rate]
  return readable((ours ?? Number.NaN) / (diracx ?? Number.NaN))
}

/** How many times less processor time, of server and database together, ours takes. */
function gainOf(figures: Result["figures"]): number {
  const cpu = (name: Candidate["name"]) => {
    const { cpuServer, cpuDatabase } = figures.get(name) ?? {}
    return (cpuServer ?? Number.NaN) + (cpuDatabase ?? Number.NaN)
  }
  return readable(cpu("diracx") / cpu("spinor"))
}
