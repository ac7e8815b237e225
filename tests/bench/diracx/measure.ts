import { fileURLToPath } from "node:url"
import type { Driven } from "../load/drive.ts"
import { generate } from "../load/generate.ts"
import { median, percentile } from "../load/statistics.ts"
import type { RunningServer } from "../processes.ts"
import { cpuSeconds, machineSeconds, residentMegabytes } from "../usage.ts"
import type { Probe } from "./probe.ts"
import type { Round } from "./round.ts"
import type { Known, Left, Workload } from "./workload.ts"

/** What the servers start with. */
export interface Beginning {
  readonly jobs: number
  /** Variables besides those that all benchmarks set. */
  readonly settings: Readonly<Record<string, string>>
}

/** Who is driven. */
export interface Candidate {
  readonly name: string
  readonly server: RunningServer
  readonly known: Known
  readonly database: Probe
}

export interface Effort {
  readonly clients: number
  readonly rounds: number
  /** Of each round. */
  readonly seconds: number
}

/** How a server fared in a workload: medians of rounds, times of all; an operation may be several requests. */
export interface Figures {
  /** Operations that were timed. */
  readonly operations: number
  /** Operations a second; NaN after a fault, as a wrong answer is no throughput. */
  readonly rate: number
  /** Of each round. */
  readonly rates: readonly number[]
  /** Milliseconds of an operation. */
  readonly p50: number
  readonly p95: number
  readonly p99: number
  /** SQL statements of an operation. */
  readonly statements: number
  /** Of an operation, both ways. */
  readonly bytes: number
  /** Seconds of processor time for a thousand operations. */
  readonly cpuServer: number
  readonly cpuDatabase: number
  /** Processors that all else on the machine used meanwhile, on average: what disturbs. */
  readonly others: number
  /** Memory of the server afterwards. */
  readonly megabytes: number
  readonly fault: string | undefined
}

export interface Task {
  readonly name: string
  readonly workload: Workload
  readonly token: string
  readonly keys: string
  readonly essence: { readonly value: unknown }
  readonly mariadb: number
  /** The first number of the next round: higher than all before, in any workload. */
  readonly nextFirst: () => number
}

const GENERATOR = fileURLToPath(new URL("generator.ts", import.meta.url))
const WARM_UP_SECONDS = 1

/**
 * So far apart are the first numbers of rounds that those of their operations do not meet. Not a round number, or each
 * round would begin with the job that the one before it began with, maybe in the same second.
 */
export const NUMBERS_OF_A_ROUND = 113_377

/** Drives the candidates in turns, in changing order. */
export async function measure(
  task: Task,
  candidates: readonly Candidate[],
  { clients, rounds, seconds }: Effort,
): Promise<ReadonlyMap<string, Figures>> {
  const found = new Map<string, Observed[]>(candidates.map(({ name }) => [name, []]))
  for (let round = 0; round <= rounds; round++) {
    const inTurn = round % 2 === 0 ? candidates : candidates.toReversed()
    for (const candidate of inTurn) {
      const observed = found.get(candidate.name) ?? []
      if (observed.some(({ fault }) => fault !== undefined)) continue
      const each = await observe(task, candidate, {
        first: task.nextFirst(),
        seconds: round === 0 ? WARM_UP_SECONDS : seconds,
        clients: task.workload.clients ?? clients,
      })
      if (round > 0 || each.fault !== undefined) observed.push(each)
    }
  }
  return new Map([...found].map(([name, observed]) => [name, summary(observed)]))
}

interface Observed extends Driven {
  readonly statements: number
  readonly cpuServer: number
  readonly cpuDatabase: number
  /** Of all that is no part of the measurement, and how long it could be. */
  readonly cpuOthers: number
  readonly seconds: number
  readonly megabytes: number
}

async function observe(
  { name, workload, token, keys, essence, mariadb }: Task,
  { server, known, database }: Candidate,
  effort: { first: number; seconds: number; clients: number },
): Promise<Observed> {
  const rows = () => (workload.adds ? database.count(workload.adds.table) : 0)
  const before = { rows: await rows(), statements: await database.statements() }
  const began = performance.now()
  const cpu = {
    machine: machineSeconds().busy,
    server: cpuSeconds(server.pid),
    database: cpuSeconds(mariadb),
  }
  const { url } = server
  const round: Round = { workload: name, url, token, keys, known, essence, ...effort }
  const driven = await generate<Driven>(GENERATOR, round)
  const cpuServer = cpuSeconds(server.pid) - cpu.server
  const cpuDatabase = cpuSeconds(mariadb) - cpu.database
  const cpuMachine = machineSeconds().busy - cpu.machine
  const cpuOthers = cpuMachine - cpuServer - cpuDatabase - driven.generatorSeconds
  const seconds = (performance.now() - began) / 1000
  // Less the one that asks.
  const statements = (await database.statements()) - before.statements - 1
  const added = (await rows()) - before.rows
  const operations = driven.latencies.length
  const expected = operations * (workload.adds?.rows ?? 0)
  const lost =
    added === expected
      ? await unchanged(database, workload.leaves?.(known), { first: effort.first, operations })
      : `${added} rows and not ${expected} were added to ${workload.adds?.table}`
  const fault = driven.fault ?? lost
  const megabytes = residentMegabytes(server.pid)
  const cpuTimes = { cpuServer, cpuDatabase, cpuOthers, seconds }
  return { ...driven, ...cpuTimes, fault, statements, megabytes }
}

/** What is wrong when not all rows tell of these operations. */
async function unchanged(
  database: Probe,
  left: Left | undefined,
  { first, operations }: { first: number; operations: number },
): Promise<string | undefined> {
  if (left === undefined) return undefined
  const { table, column, rows, sets } = left
  const number = `CAST(SUBSTR(${column}, INSTR(${column}, ' ')) AS SIGNED)`
  const changed = await database.count(`${table} WHERE ${number} >= ${first}`)
  const expected = Math.min(operations, sets) * rows
  return changed === expected
    ? undefined
    : `${changed} rows and not ${expected} of ${table} were changed`
}

function summary(observed: readonly Observed[]): Figures {
  const latencies = Float64Array.from(observed.flatMap(({ latencies }) => [...latencies])).sort()
  const operations = Math.max(1, latencies.length)
  const sum = (of: (round: Observed) => number) =>
    observed.reduce((total, round) => total + of(round), 0)
  const fault = observed.find((round) => round.fault !== undefined)?.fault
  const rates = observed.map(
    ({ latencies, milliseconds }) => (latencies.length / milliseconds) * 1000,
  )
  return {
    operations: latencies.length,
    rate: fault === undefined ? median(rates) : Number.NaN,
    rates,
    p50: percentile(latencies, 0.5),
    p95: percentile(latencies, 0.95),
    p99: percentile(latencies, 0.99),
    statements: sum((round) => round.statements) / operations,
    bytes: sum((round) => round.bytes) / operations,
    cpuServer: (sum((round) => round.cpuServer) / operations) * 1000,
    cpuDatabase: (sum((round) => round.cpuDatabase) / operations) * 1000,
    others: sum((round) => round.cpuOthers) / sum((round) => round.seconds),
    megabytes: observed.at(-1)?.megabytes ?? Number.NaN,
    fault,
  }
}
