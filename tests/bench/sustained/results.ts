import { mkdir, readFile, writeFile } from "node:fs/promises"
import { availableParallelism } from "node:os"
import { fileURLToPath } from "node:url"
import { readable } from "../load/statistics.ts"
import type { Report } from "../report.ts"
import type { Name } from "./deployments.ts"
import type { Run } from "./run.ts"
import { isFlat, saturated } from "./usage.ts"

/** How a deployment fared. */
export interface Sustained {
  readonly name: Name
  readonly title: string
  readonly processes: number
  /** Of its MariaDB. */
  readonly facts: string
  /** At the highest rate that holds, or the last one that was tried. */
  readonly long: Run
  /** All runs, in their order. */
  readonly tried: readonly Run[]
}

/** Writes a second that one process of ours is to hold. */
const GOAL = 1000

/** For people: a line for each deployment. */
export function tableOf(found: readonly Sustained[]): Report {
  const faults = found
    .filter(({ name }) => name !== "diracx2")
    .flatMap(({ title, long }) => faultsOf(long).map((fault) => `${title}: ${fault}`))
  return {
    title: `LHCb's mix of writes, ${found[0]?.facts}`,
    rows: found.map((each) => {
      const { title, long } = each
      const { megabytes: memory, processors } = long
      return {
        deployment: title,
        "/s": long.rate,
        holds: long.fault === undefined ? "yes" : "no",
        minutes: readable(long.seconds / 60),
        p50: readable(long.p50),
        p95: readable(long.p95),
        "p99 ms": readable(long.p99),
        "MB start": Math.round(memory.start),
        middle: Math.round(memory.middle),
        end: Math.round(memory.end),
        "a minute": readable(memory.perMinute),
        "in use": told(long.live.before),
        after: told(long.live.after),
        "CPU server": readable(processors.server),
        MariaDB: readable(processors.mariadb),
        generator: readable(processors.generator),
        "all of it": readable(processors.machine),
        saturates: saturates(each),
      }
    }),
    requirement: [
      `ours holds ${GOAL.toLocaleString("en")} writes a second, without errors, in flat memory`,
      ...faults,
    ].join("\n     "),
    holds: faults.length === 0,
  }
}

/** Of megabytes in use. */
const told = (megabytes: number | undefined): number | string =>
  megabytes === undefined ? "" : readable(megabytes)

function faultsOf({ rate, fault, live }: Run): string[] {
  return [
    ...(fault === undefined ? [] : [fault]),
    ...(rate < GOAL ? [`${rate} writes a second`] : []),
    ...(isFlat(live) === false
      ? [`memory in use grows from ${told(live.before)} to ${told(live.after)} MB`]
      : []),
  ]
}

/** What there was no more of in the longest run that was too much, or else in the long run. */
function saturates({ long, tried, processes }: Sustained): string {
  const tooMuch = tried.filter(({ fault, rate }) => fault !== undefined && rate > long.rate)
  const [run = long] = tooMuch.toSorted((a, b) => b.seconds - a.seconds)
  return saturated(run.processors, { processors: availableParallelism(), processes })
}

const FILE = fileURLToPath(new URL("../results/sustained.json", import.meta.url))

/** Writes it for programs, in place of what was found of this deployment before. */
export async function saveResults(found: Sustained): Promise<void> {
  const text = await readFile(FILE, "utf8").catch(() => "[]")
  const others = (JSON.parse(text) as { name: string }[]).filter(({ name }) => name !== found.name)
  const result = { ...found, saturates: saturates(found), flat: isFlat(found.long.live) }
  await mkdir(new URL(".", `file://${FILE}`), { recursive: true })
  await writeFile(FILE, `${JSON.stringify([...others, result], undefined, 2)}\n`)
}
