import { partsOf } from "../diracx/parts.ts"
import type { Probe } from "../diracx/probe.ts"
import { CROWD, storeJobs, storeRows } from "../diracx/rows.ts"
import { startDiracx, startSpinor, type Place } from "../diracx/servers.ts"
import type { World } from "../diracx/world.ts"
import type { RunningServer } from "../processes.ts"

/** Servers of one kind on a database that they have for themselves. */
export interface Deployment {
  readonly servers: readonly RunningServer[]
  readonly database: Probe
  readonly jobsPerCall: number
  readonly remove: () => Promise<void>
}

interface Plan {
  readonly title: string
  readonly start: (place: Place) => Promise<readonly RunningServer[]>
  /** Processes that serve, which are one thread each. */
  readonly processes: number
  readonly jobsPerCall: number
  /** A rate that may hold. */
  readonly guess: number
}

export const PLANS = {
  ours: {
    title: "Spinor, one process",
    start: async (place) => [await startSpinor(place)],
    processes: 1,
    jobsPerCall: 1000,
    guess: 1000,
  },
  ours2: {
    title: "Spinor, two processes",
    start: async (place) => [
      await startSpinor(place),
      await startSpinor({ ...place, name: `${place.name}-2` }),
    ],
    processes: 2,
    jobsPerCall: 1000,
    guess: 1000,
  },
  diracx2: {
    title: "DiracX, two workers",
    start: async (place) => [await startDiracx(place, { workers: 2 })],
    processes: 2,
    jobsPerCall: 20,
    guess: 100,
  },
} satisfies Record<string, Plan>

export type Name = keyof typeof PLANS

/** Starts it; its database holds jobs of all kinds, and the crowd of those that run. */
export async function deploy(world: World, name: Name, jobs: number): Promise<Deployment> {
  const plan: Plan = PLANS[name]
  const { url, probe } = await world.createDatabase(name)
  const servers = await plan.start({ world, name, databaseUrl: url, env: await partsOf(world) })
  await storeRows(probe, jobs)
  await storeJobs(probe, { first: jobs + 1, count: CROWD, running: CROWD })
  return {
    servers,
    database: probe,
    jobsPerCall: plan.jobsPerCall,
    async remove() {
      for (const server of servers) await server.stop()
      await probe.run(`DROP DATABASE \`${name}\``)
    },
  }
}
