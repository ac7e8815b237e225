import { fileURLToPath } from "node:url"
import type { Driven } from "../load/drive.ts"
import { generate } from "../load/generate.ts"
import { median, percentile } from "../load/statistics.ts"
import type { RunningServer } from "../processes.ts"
import { cpuSeconds, residentMegabytes } from "../usage.ts"
import type { Probe } from "./probe.ts"
import type { Round } from "./round.ts"
import type { Known, Workload } from "./workloads.ts"

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
  /** Operations a second. */
  readonly rate: number
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
  /** Memory of the server afterwards. */
  readonly megabytes: number
  readonly fault: string | undefined
}

export interface Task {
  readonly name: string
  readonly workload: Workload
  readonly token: string
  readonly essence: { readonly value: unknown }
  readonly mariadb: number
}

const GENERATOR = fileURLToPath(new URL("generator.ts", import.meta.url))
const WARM_UP_SECONDS = 1

/**
 * Rounds are numbered so far apart that the numbers of their operations do not meet; the warm-up begins here. Not a
 * round number, or each round would begin with the job that the one before it began with, maybe in the same second.
 */
export const NUMBERS_OF_A_ROUND = 1_013_377

/** Drives the candidates in turns, in changing order. */
export async function measure(
  task: Task,
  candidates: readonly Candidate[],
  { clients, rounds, seconds }: Effort,
): Promise<ReadonlyMap<string, Figures>> {
  const found = new Map<string, Observed[]>(candidates.map(({ name }) => [name, []]))
  for (let round = 0; round <= rounds; round++) {
    const inTurn = round % 2 === 0 ? candidates : candidates.toReversed()
    for (const [turn, candidate] of inTurn.entries()) {
      const observed = found.get(candidate.name) ?? []
      if (observed.some(({ fault }) => fault !== undefined)) continue
      const each = await observe(task, candidate, {
        // Two that share a database must not tell of the same job in the same second.
        first: Math.floor((round + 1 + turn / inTurn.length) * NUMBERS_OF_A_ROUND),
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
  readonly megabytes: number
}

async function observe(
  { name, workload, token, essence, mariadb }: Task,
  { server, known, database }: Candidate,
  effort: { first: number; seconds: number; clients: number },
): Promise<Observed> {
  const rows = () => (workload.adds ? database.count(workload.adds.table) : 0)
  const before = { rows: await rows(), statements: await database.statements() }
  const cpu = { server: cpuSeconds(server.pid), database: cpuSeconds(mariadb) }
  const { url } = server
  const round: Round = { workload: name, url, token, known, essence, ...effort }
  const driven = await generate<Driven>(GENERATOR, round).result
  const cpuServer = cpuSeconds(server.pid) - cpu.server
  const cpuDatabase = cpuSeconds(mariadb) - cpu.database
  // Less the one that asks.
  const statements = (await database.statements()) - before.statements - 1
  const added = (await rows()) - before.rows
  const expected = driven.latencies.length * (workload.adds?.rows ?? 0)
  const lost =
    added === expected
      ? undefined
      : `${added} rows and not ${expected} were added to ${workload.adds?.table}`
  const megabytes = residentMegabytes(server.pid)
  return { ...driven, fault: driven.fault ?? lost, statements, cpuServer, cpuDatabase, megabytes }
}

function summary(observed: readonly Observed[]): Figures {
  const latencies = Float64Array.from(observed.flatMap(({ latencies }) => [...latencies])).sort()
  const operations = Math.max(1, latencies.length)
  const sum = (of: (round: Observed) => number) =>
    observed.reduce((total, round) => total + of(round), 0)
  return {
    rate: median(
      observed.map(({ latencies, milliseconds }) => (latencies.length / milliseconds) * 1000),
    ),
    p50: percentile(latencies, 0.5),
    p95: percentile(latencies, 0.95),
    p99: percentile(latencies, 0.99),
    statements: sum((round) => round.statements) / operations,
    bytes: sum((round) => round.bytes) / operations,
    cpuServer: (sum((round) => round.cpuServer) / operations) * 1000,
    cpuDatabase: (sum((round) => round.cpuDatabase) / operations) * 1000,
    megabytes: observed.at(-1)?.megabytes ?? Number.NaN,
    fault: observed.find(({ fault }) => fault !== undefined)?.fault,
  }
}
