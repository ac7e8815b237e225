import type { Result } from "../diracx/results.ts"

/** By what they write: workloads of growing calls. */
const SERIES = {
  submit: [
    [1, "submit 1 job"],
    [20, "submit 20 jobs"],
    [1000, "submit 1,000 jobs"],
  ],
  statuses: [
    [1, "statuses of 1 job"],
    [100, "statuses of 100 jobs"],
  ],
  heartbeat: [
    [1, "heartbeat of 1 job"],
    [100, "heartbeat of 100 jobs"],
  ],
} as const

export const WRITES: readonly string[] = Object.values(SERIES).flatMap((series) =>
  series.map(([, workload]) => workload),
)

/** What a job costs in calls of so many: milliseconds of processor time, of server and database. */
export interface Cost {
  readonly series: string
  readonly size: number
  /** Among few jobs that are stored, and among many. */
  readonly few: number
  readonly many: number
  readonly fault: string | undefined
}

export function costsOf(results: readonly Result[]): Cost[] {
  return Object.entries(SERIES).flatMap(([series, calls]) =>
    calls.flatMap(([size, name]) => {
      const figures = results.find(({ workload }) => workload === name)?.figures
      if (figures === undefined) return []
      const cost = (who: string) => {
        const { cpuServer = Number.NaN, cpuDatabase = Number.NaN } = figures.get(who) ?? {}
        return (cpuServer + cpuDatabase) / size
      }
      const fault = figures.get("few")?.fault ?? figures.get("many")?.fault
      return [{ series, size, few: cost("few"), many: cost("many"), fault }]
    }),
  )
}

/** The calls in which a job costs no less than in smaller ones. */
export const thatDoNotFall = (costs: readonly Cost[]): readonly Cost[] =>
  costs.filter(({ series, few, many }, i) => {
    const smaller = costs[i - 1]
    return smaller?.series === series && !(few < smaller.few && many < smaller.many)
  })
