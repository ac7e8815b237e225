import { freePort } from "../../support/free-port.ts"
import { partsOf } from "../diracx/parts.ts"
import type { Probe } from "../diracx/probe.ts"
import { CROWD, storeJobs, storeRows } from "../diracx/rows.ts"
import { startDiracx, startSpinor, type Place } from "../diracx/servers.ts"
import type { World } from "../diracx/world.ts"
import type { RunningServer } from "../processes.ts"
import { liveMegabytes, type Inspectable } from "./live-memory.ts"

/** Servers of one kind on a database that they have for themselves. */
export interface Deployment {
  readonly servers: readonly RunningServer[]
  /** What all of them still use after a collection, in megabytes; undefined where nobody can tell. */
  readonly liveMegabytes: () => Promise<number | undefined>
  readonly database: Probe
  readonly jobsPerCall: number
  readonly remove: () => Promise<void>
}

type Server = RunningServer & Partial<Inspectable>

interface Plan {
  readonly title: string
  readonly start: (place: Place) => Promise<readonly Server[]>
  /** Processes that serve, which are one thread each. */
  readonly processes: number
  readonly jobsPerCall: number
  /** A rate that may hold. */
  readonly guess: number
}

export const PLANS = {
  ours: {
    title: "Spinor, one process",
    start: async (place) => [await startInspectable(place)],
    processes: 1,
    jobsPerCall: 1000,
    guess: 2000,
  },
  ours2: {
    title: "Spinor, two processes",
    start: async (place) => [
      await startInspectable(place),
      await startInspectable({ ...place, name: `${place.name}-2` }),
    ],
    processes: 2,
    jobsPerCall: 1000,
    guess: 2000,
  },
  diracx2: {
    title: "DiracX, two workers",
    start: async (place) => [await startDiracx(place, { workers: 2 })],
    processes: 2,
    jobsPerCall: 20,
    guess: 60,
  },
} satisfies Record<string, Plan>

export type Name = keyof typeof PLANS

/** One of ours, which opens its inspector when it gets a signal, and is as always until then. */
async function startInspectable(place: Place): Promise<Server> {
  const inspectPort = await freePort()
  const env = { ...place.env, NODE_OPTIONS: `--inspect-port=${inspectPort}` }
  return { ...(await startSpinor({ ...place, env })), inspectPort }
}

/** Starts it; its database holds jobs of all kinds, and the crowd of those that run. */
export async function deploy(world: World, name: Name, jobs: number): Promise<Deployment> {
  const plan: Plan = PLANS[name]
  const { url, probe } = await world.createDatabase(name)
  const servers = await plan.start({ world, name, databaseUrl: url, env: await partsOf(world) })
  await storeRows(probe, jobs)
  await storeJobs(probe, { first: jobs + 1, count: CROWD, running: CROWD })
  return {
    servers,
    async liveMegabytes() {
      let sum = 0
      for (const { pid, inspectPort } of servers) {
        if (inspectPort === undefined) return undefined
        sum += await liveMegabytes({ pid, inspectPort })
      }
      return sum
    },
    database: probe,
    jobsPerCall: plan.jobsPerCall,
    async remove() {
      for (const server of servers) await server.stop()
      await probe.run(`DROP DATABASE \`${name}\``)
    },
  }
}
