import { UsageError } from "../options.ts"
import type { Report } from "../report.ts"
import { checkNames, compare, type Options } from "./comparison.ts"
import { etagOf } from "./essence.ts"
import type { Beginning, Candidate } from "./measure.ts"
import { SQLITE_WORKLOADS, startOnSqlite } from "./on-sqlite.ts"
import { partsOf } from "./parts.ts"
import { tableOf, writeResults } from "./results.ts"
import { JOBS, storeRows } from "./rows.ts"
import { startDiracx, startFloor, startSpinor } from "./servers.ts"
import { workloads } from "./workloads.ts"
import { makeWorld, type World } from "./world.ts"

/** Spinor and DiracX, one process each, driven by the same clients in turns: on one MariaDB, or on files. */
export async function besideDiracx(
  options: Options,
  { workload: only, database = "mariadb", acrossVos }: Choice,
): Promise<Report> {
  const place = PLACES[database]
  if (place === undefined)
    throw new UsageError(`There is no ${database}, but: ${Object.keys(PLACES).join(", ")}`)
  const names = only.length > 0 ? only : place.workloads
  checkNames(names)
  const world = await makeWorld()
  try {
    const facts = place.facts ?? world.mariadb.facts
    options.tell(facts)
    const candidates = await place.start(world, {
      jobs: options.jobs,
      settings: acrossVos ? { SPINOR_JOBS_ACROSS_VOS: "true" } : {},
    })
    const results = await compare(names, candidates, { world, options })
    const jobs = `${options.jobs.toLocaleString("en")} jobs${acrossVos ? " of every VO" : ""}`
    // A few workloads are no whole table.
    if (only.length === 0)
      await writeResults(results, { name: `${place.results}${suffixOf(options, acrossVos)}`, jobs })
    const title = `Side by side with DiracX 0.7.0: ${jobs}, ${facts}`
    return tableOf(title, results, "spinor")
  } finally {
    await world.remove()
  }
}

/** Other numbers of jobs, and the jobs of every VO, have files of their own. */
const suffixOf = ({ jobs }: Options, acrossVos: boolean): string =>
  (jobs === JOBS ? "" : `-${jobs}`) + (acrossVos ? "-across-vos" : "")

/** Which workloads, all when there are none, and on which database. */
interface Choice {
  readonly workload: readonly string[]
  readonly database: string | undefined
  /** Whether ours shows the jobs of every VO to all, as DiracX does. */
  readonly acrossVos: boolean
}

interface Place {
  readonly start: (world: World, beginning: Beginning) => Promise<Candidate[]>
  readonly workloads: readonly string[]
  readonly results: string
  /** Undefined where the server says them. */
  readonly facts?: string
}

const PLACES: Readonly<Record<string, Place>> = {
  mariadb: { start: startOnMariadb, workloads: Object.keys(workloads), results: "diracx" },
  sqlite: {
    start: startOnSqlite,
    workloads: SQLITE_WORKLOADS,
    results: "diracx-sqlite",
    facts: "SQLite, journal_mode=WAL, synchronous=FULL",
  },
}

/** In the order of the table: DiracX last, as it knows what is right. */
async function startOnMariadb(world: World, { jobs, settings }: Beginning): Promise<Candidate[]> {
  const env = { ...(await partsOf(world)), ...settings }
  const { user } = world.tokens

  const ours = await world.createDatabase("spinor")
  const place = { world, env, databaseUrl: ours.url }
  const server = await startSpinor({ ...place, name: "spinor" })
  await storeRows(ours.probe, jobs)
  const known = { jobs, jobsPerCall: 1000, etag: await etagOf(server.url, user) }

  const floorEnv = { ...env, FLOOR_ETAG: known.etag }
  const floor = await startFloor({ ...place, name: "floor", env: floorEnv })

  const theirs = await world.createDatabase("diracx")
  const diracx = await startDiracx({ world, env, databaseUrl: theirs.url, name: "diracx" })
  await storeRows(theirs.probe, jobs)
  const etag = await etagOf(diracx.url, user)
  const limited = { jobs, jobsPerCall: 20, etag }
  return [
    { name: "spinor", server, known, database: ours.probe },
    { name: "floor", server: floor, known, database: ours.probe },
    { name: "diracx", server: diracx, known: limited, database: theirs.probe },
  ]
}
