import type { Report } from "../report.ts"
import { compare, type Options } from "./comparison.ts"
import { etagOf } from "./essence.ts"
import type { Candidate } from "./measure.ts"
import { partsOf } from "./parts.ts"
import { tableOf, writeResults } from "./results.ts"
import { storeRows } from "./rows.ts"
import { startDiracx, startFloor, startSpinor } from "./servers.ts"
import { workloads } from "./workloads.ts"
import { makeWorld, type World } from "./world.ts"

/** Spinor and DiracX, one process each, on one MariaDB, driven by the same clients in turns. */
export async function besideDiracx(options: Options, only: readonly string[]): Promise<Report> {
  const world = await makeWorld()
  try {
    options.tell(world.mariadb.facts)
    const candidates = await startAll(world, options.jobs)
    const names = only.length > 0 ? only : Object.keys(workloads)
    const results = await compare(names, candidates, { world, options })
    await writeResults(results, options.jobs)
    const title = `Side by side with DiracX 0.7.0: ${options.jobs.toLocaleString("en")} jobs, ${world.mariadb.facts}`
    return tableOf(title, results, ["spinor", "diracx"])
  } finally {
    await world.remove()
  }
}

/** In the order of the table: DiracX last, as it knows what is right. */
async function startAll(world: World, jobs: number): Promise<Candidate[]> {
  const env = await partsOf(world)
  const { user } = world.tokens

  const ours = await world.createDatabase("spinor")
  const place = { world, env, databaseUrl: ours.url }
  const server = await startSpinor({ ...place, name: "spinor" })
  await storeRows(ours.connection, jobs)
  const known = { jobs, jobsPerCall: 1000, etag: await etagOf(server.url, user) }

  const floorEnv = { ...env, FLOOR_ETAG: known.etag }
  const floor = await startFloor({ ...place, name: "floor", env: floorEnv })

  const theirs = await world.createDatabase("diracx")
  const diracx = await startDiracx({ world, env, databaseUrl: theirs.url, name: "diracx" })
  await storeRows(theirs.connection, jobs)
  const etag = await etagOf(diracx.url, user)
  const limited = { jobs, jobsPerCall: 20, etag }
  return [
    { name: "spinor", server, known, database: ours.connection },
    { name: "floor", server: floor, known, database: ours.connection },
    { name: "diracx", server: diracx, known: limited, database: theirs.connection },
  ]
}
