import { setTimeout as delay } from "node:timers/promises"
import { fileURLToPath } from "node:url"
import { generate } from "../load/generate.ts"
import type { Paced } from "../load/pace.ts"
import { percentile } from "../load/statistics.ts"
import { cpuSeconds, familyOf } from "../usage.ts"
import type { Deployment } from "./deployments.ts"
import { rowsOf } from "./mix.ts"
import { LIMIT, type Stretch } from "./stretch.ts"
import { memoryOf, processorsOf, type Live, type Memory, type Processors } from "./usage.ts"
import { watch, type Sample } from "./watch.ts"

/** How a deployment fared at a rate. */
export interface Run {
  readonly rate: number
  readonly seconds: number
  /** Those that were answered. */
  readonly requests: number
  /** Milliseconds, from when a request was due. */
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly megabytes: Memory
  readonly live: Live
  readonly processors: Processors
  /** Why the rate does not hold, if it does not. */
  readonly fault: string | undefined
}

export interface Load {
  readonly deployment: Deployment
  readonly mariadb: number
  readonly token: string
  readonly jobs: number
  readonly first: number
  readonly rate: number
  readonly seconds: number
  /** Whether it goes on however late the answers are. */
  readonly isWarmUp?: boolean
  /** Whether to look at what is in use after a collection, which no server does by itself just then. */
  readonly isLong?: boolean
  /** What was in use before, in megabytes. */
  readonly liveBefore?: number | undefined
  readonly tell: (sample: Sample, first: Sample) => void
}

const GENERATOR = fileURLToPath(new URL("generator.ts", import.meta.url))

/** Writes at a rate, and counts the rows that come of it. */
export async function run(load: Load): Promise<Run> {
  const { deployment, mariadb, token, jobs, first, rate, seconds, tell } = load
  const { isWarmUp = false, isLong = false, liveBefore } = load
  const { servers, database, jobsPerCall } = deployment
  const pids = servers.map(({ pid }) => pid)
  await settled(pids)
  const expected = rowsOf(first, Math.round(rate * seconds))
  const before = await rowsIn(database, Object.keys(expected))
  const known = { jobs, jobsPerCall, etag: "" }
  const urls = servers.map(({ url }) => url)
  const part = isWarmUp ? 1 : LIMIT.part
  const stretch: Stretch = { urls, token, known, first, rate, seconds, part }
  const stop = watch(pids, mariadb, tell)
  const paced = await generate<Paced>(GENERATOR, stretch).finally(stop)
  const samples = stop()
  const latencies = paced.latencies.toSorted()
  const after = await rowsIn(database, Object.keys(expected))
  const lost = Object.entries(expected).flatMap(([table, rows]) => {
    const added = (after[table] ?? 0) - (before[table] ?? 0)
    return added === rows ? [] : [`${added} rows and not ${rows} were added to ${table}`]
  })
  const fault = paced.fault ?? (paced.late ? LATE : lost[0])
  // What answers leave behind for a moment is not what stays.
  if (isLong && fault === undefined) await settled(pids)
  const liveAfter = isLong && fault === undefined ? await deployment.liveMegabytes() : undefined
  return {
    rate,
    seconds: paced.milliseconds / 1000,
    requests: latencies.length,
    p50: percentile(latencies, 0.5),
    p95: percentile(latencies, 0.95),
    p99: percentile(latencies, 0.99),
    megabytes: memoryOf(samples),
    live: { before: liveBefore, after: liveAfter },
    processors: processorsOf(samples, paced.generatorSeconds),
    fault,
  }
}

const LATE = `more than ${LIMIT.part * 100} % of the answers come after ${LIMIT.milliseconds} ms`

const IDLE = 0.05
const SETTLE_SECONDS = 60

/** Waits until servers have done what they were asked, and nobody waits for any more. */
async function settled(pids: readonly number[]): Promise<void> {
  const used = () => pids.flatMap(familyOf).reduce((sum, pid) => sum + cpuSeconds(pid), 0)
  for (let second = 0, before = used(); second < SETTLE_SECONDS; second++) {
    await delay(1000)
    const now = used()
    if (now - before < IDLE) return
    before = now
  }
}

async function rowsIn(
  database: Deployment["database"],
  tables: readonly string[],
): Promise<Readonly<Record<string, number>>> {
  const rows: Record<string, number> = {}
  for (const table of tables) rows[table] = await database.count(table)
  return rows
}
