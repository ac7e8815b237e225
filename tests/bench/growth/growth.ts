import { compare, type Options } from "../diracx/comparison.ts"
import type { Candidate } from "../diracx/measure.ts"
import { storeRows } from "../diracx/rows.ts"
import { startSpinor } from "../diracx/servers.ts"
import { makeWorld, type World } from "../diracx/world.ts"
import type { Report } from "../report.ts"
import { saveGrowth, tableOf } from "./results.ts"
import { openStatementLog } from "./statement-log.ts"
import { growthOfStatements } from "./statements.ts"
import { costsOf, WRITES } from "./writes.ts"

/** What many jobs are compared with. */
const FEW = 10_000

/** How the cost of what is asked grows with the jobs that are stored, and that of writes with those in a call. */
export async function growth(options: Options): Promise<Report> {
  const world = await makeWorld()
  try {
    options.tell(world.mariadb.facts)
    const administration = await world.createDatabase("log")
    const log = await openStatementLog(administration.connection)
    const candidates = [
      await started(world, FEW, { ...options, name: "few" }),
      await started(world, options.jobs, { ...options, name: "many" }),
    ] as const
    const statements = await growthOfStatements(candidates, log, world.tokens.user)
    await log.close()
    const results = await compare(WRITES, candidates, { world, options })
    const sizes = { few: FEW, many: options.jobs }
    const found = { sizes, statements, writes: costsOf(results) }
    await saveGrowth(found)
    return tableOf(found)
  } finally {
    await world.remove()
  }
}

async function started(
  world: World,
  jobs: number,
  { name, tell }: { name: string; tell: Options["tell"] },
): Promise<Candidate> {
  const { url: databaseUrl, probe: database } = await world.createDatabase(name)
  const env = {
    SPINOR_DOCUMENTS: "sql",
    SPINOR_SANDBOX_STORE: "disk",
    SPINOR_DATA_DIR: `${world.folder}/data of ${name}`,
  }
  const server = await startSpinor({ world, name, env, databaseUrl })
  tell(`stores ${jobs.toLocaleString("en")} jobs`)
  await storeRows(database, jobs)
  return { name, server, known: { jobs, jobsPerCall: 1000, etag: "" }, database }
}
