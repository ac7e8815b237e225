import { UsageError } from "../options.ts"
import { learnEssence } from "./essence.ts"
import { measure, NUMBERS_OF_A_ROUND, type Candidate, type Effort } from "./measure.ts"
import type { Probe } from "./probe.ts"
import type { Result } from "./results.ts"
import { CROWD, storeJobs } from "./rows.ts"
import { workloads } from "./workloads.ts"
import type { World } from "./world.ts"

export interface Options extends Effort {
  /** How many jobs are stored at first. */
  readonly jobs: number
  readonly tell: (line: string) => void
}

/** Drives the candidates in each workload, in turns; the last one knows what is right. */
export async function compare(
  names: readonly string[],
  candidates: readonly Candidate[],
  { world, options }: { world: World; options: Options },
): Promise<Result[]> {
  const results: Result[] = []
  let crowded = false
  let rounds = 0
  // From one workload to the next too: a status that is older than the last one is another work.
  const nextFirst = () => ++rounds * NUMBERS_OF_A_ROUND
  for (const [name, workload] of Object.entries(workloads)) {
    if (!names.includes(name)) continue
    if (workload.crowded && !crowded) await crowd(candidates)
    crowded ||= workload.crowded === true
    const token = world.tokens[workload.as]
    const those = candidates.filter(({ name }) => name !== "floor" || workload.hasFloor)
    const essence = await learnEssence(workload, those, token)
    const task = {
      name,
      workload,
      token,
      keys: world.keys,
      essence,
      mariadb: world.mariadb.pid,
      nextFirst,
    }
    const figures = await measure(task, those, options)
    results.push({ workload: name, figures })
    options.tell(told({ workload: name, figures }))
  }
  return results
}

/** @throws UsageError when a workload is not known */
export function checkNames(names: readonly string[]): void {
  const unknown = names.filter((name) => !Object.hasOwn(workloads, name))
  if (unknown.length > 0) {
    throw new UsageError(
      `There is no ${unknown.join("; ")}, but: ${Object.keys(workloads).join("; ")}`,
    )
  }
}

async function crowd(candidates: readonly Candidate[]): Promise<void> {
  const jobs = new Map<Probe, number>(
    candidates.map(({ database, known }) => [database, known.jobs]),
  )
  for (const [probe, stored] of jobs) {
    await storeJobs(probe, { first: stored + 1, count: CROWD, running: CROWD })
  }
}

const told = ({ workload, figures }: Result): string =>
  `${workload}: ${[...figures].map(([who, { rate, fault }]) => `${who} ${fault ?? `${rate.toFixed(1)}/s`}`).join(", ")}`
