import type { Report } from "../report.ts"
import { etagOf, learnEssence } from "./essence.ts"
import { measure, type Candidate, type Effort, type Figures } from "./measure.ts"
import { CROWD, runningJobs, storeJobs, storePilots } from "./rows.ts"
import { prepareDiracx, startDiracx, startFloor, startSpinor } from "./servers.ts"
import { tableOf, writeResults, type Result } from "./results.ts"
import { makeWorld, SIDES, type World } from "./world.ts"
import { workloads, type Workload } from "./workloads.ts"

export interface Options extends Effort {
  /** How many jobs are stored at first. */
  readonly jobs: number
  /** Names of workloads; all unless given. */
  readonly only: readonly string[]
  readonly tell: (line: string) => void
}

/** Spinor and DiracX, one process each, on one MariaDB, driven by the same clients in turns. */
export async function besideDiracx(options: Options): Promise<Report> {
  const { jobs, only, tell } = options
  const chosen = Object.entries(workloads).filter(
    ([name]) => only.length === 0 || only.includes(name),
  )
  const world = await makeWorld()
  try {
    tell(world.mariadb.facts)
    await prepareDiracx(world)
    for (const side of SIDES) {
      const running = runningJobs(jobs).count
      await storeJobs(world.databases[side], { first: 1, count: jobs, running })
      await storePilots(world.databases[side])
    }
    const candidates = await startCandidates(world, jobs)
    try {
      const results: Result[] = []
      let crowded = false
      for (const [name, workload] of chosen) {
        if (workload.crowded && !crowded) await crowd(world, jobs)
        crowded ||= workload.crowded === true
        const figures = await measured({ name, workload }, { world, candidates, options })
        results.push({ workload: name, figures })
        tell(told(name, figures))
      }
      await writeResults(results, jobs)
      return tableOf(results, { jobs, facts: world.mariadb.facts })
    } finally {
      await Promise.all(candidates.map(({ server }) => server.stop()))
    }
  } finally {
    await world.remove()
  }
}

async function startCandidates(world: World, jobs: number): Promise<Candidate[]> {
  const starts = { spinor: startSpinor, diracx: startDiracx }
  const limits = { spinor: 1000, diracx: 20 }
  const candidates: Candidate[] = []
  for (const name of SIDES) {
    const server = await starts[name](world)
    const etag = await etagOf(server.url, world.tokens.user)
    const known = { jobs, jobsPerCall: limits[name], etag }
    candidates.push({ name, server, known, database: world.databases[name] })
    if (name !== "spinor") continue
    const floor = await startFloor(world, etag)
    candidates.push({ name: "floor", server: floor, known, database: world.databases.spinor })
  }
  return candidates
}

async function crowd({ databases }: World, jobs: number): Promise<void> {
  for (const side of SIDES) {
    await storeJobs(databases[side], { first: jobs + 1, count: CROWD, running: CROWD })
  }
}

async function measured(
  { name, workload }: { name: string; workload: Workload },
  { world, candidates, options }: { world: World; candidates: Candidate[]; options: Options },
): Promise<ReadonlyMap<Candidate["name"], Figures>> {
  const token = world.tokens[workload.as]
  const those = candidates.filter((candidate) => candidate.name !== "floor" || workload.hasFloor)
  const essence = await learnEssence(workload, those, token)
  const task = { name, workload, token, essence, mariadb: world.mariadb.pid }
  return await measure(task, those, options)
}

const told = (name: string, figures: ReadonlyMap<string, Figures>): string =>
  `${name}: ${[...figures].map(([who, { rate, fault }]) => `${who} ${fault ?? `${rate.toFixed(1)}/s`}`).join(", ")}`
