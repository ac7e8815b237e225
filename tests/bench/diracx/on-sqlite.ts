import { mkdir } from "node:fs/promises"
import { join } from "node:path"
import { etagOf } from "./essence.ts"
import type { Beginning, Candidate } from "./measure.ts"
import { partsOf } from "./parts.ts"
import { storeRows } from "./rows.ts"
import { DATABASES, startDiracx, startSpinor, synchronousOfDiracx } from "./servers.ts"
import { sqliteProbe } from "./sqlite-probe.ts"
import type { World } from "./world.ts"

/** What is driven on SQLite: the rest needs a server of databases, as DiracX sees it. */
export const SQLITE_WORKLOADS: readonly string[] = [
  "search, first page",
  "search, first page, all different",
  "summary",
  "summary, all different",
  "submit 1 job",
]

/** PRAGMA synchronous. */
const FULL = 2

/**
 * Both on files in WAL mode with synchronous=FULL, which ours sets by itself: DiracX's files are put into WAL mode, which they
 * keep, and FULL is what SQLite does. Ours is one file; DiracX has one for each database, as it proposes.
 */
export async function startOnSqlite(
  world: World,
  { jobs, settings }: Beginning,
): Promise<Candidate[]> {
  const env = { ...(await partsOf(world)), ...settings }
  const { user } = world.tokens

  const file = join(world.folder, "spinor.db")
  const server = await startSpinor({ world, name: "spinor", env, databaseUrl: `file:${file}` })
  const ours = sqliteProbe([file])
  await storeRows(ours, jobs)

  const folder = join(world.folder, "diracx")
  await mkdir(folder)
  const fileOf = (database: string) => join(folder, `${database.toLowerCase()}.db`)
  const diracx = await startDiracx({
    world,
    name: "diracx",
    env,
    databaseUrl: (name) => `sqlite+aiosqlite:///${fileOf(name)}`,
  })
  const theirs = sqliteProbe(DATABASES.map(fileOf))
  if ((await synchronousOfDiracx(fileOf("JobDB"))) !== FULL)
    throw new Error("The commits of DiracX are not durable")
  await storeRows(theirs, jobs)

  const known = { jobs, jobsPerCall: 1000, etag: await etagOf(server.url, user) }
  const limited = { jobs, jobsPerCall: 20, etag: await etagOf(diracx.url, user) }
  return [
    { name: "spinor", server, known, database: ours },
    { name: "diracx", server: diracx, known: limited, database: theirs },
  ]
}
