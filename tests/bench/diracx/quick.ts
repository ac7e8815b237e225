import { mkdir, readdir, symlink } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { runProgram } from "../../support/run-program.ts"
import type { Report } from "../report.ts"
import { checkNames, compare, type Options } from "./comparison.ts"
import { etagOf } from "./essence.ts"
import type { Candidate } from "./measure.ts"
import { tableOf } from "./results.ts"
import { storeRows } from "./rows.ts"
import { startSpinor } from "./servers.ts"
import { makeWorld, type World } from "./world.ts"

const ROOT = fileURLToPath(new URL("../../..", import.meta.url))

const WORKLOADS = [
  "search, first page",
  "summary",
  "userinfo",
  "statuses of 1 job",
  "statuses of 100 jobs",
  "submit 1 job",
]

/** What is checked out beside what was before: the last commit when files have changed since, else its parent. */
export async function besideParent(options: Options, only: readonly string[]): Promise<Report> {
  const names = only.length > 0 ? only : WORKLOADS
  checkNames(names)
  const isDirty = (await git("status", "--porcelain", "--untracked-files=no")) !== ""
  const before = isDirty ? "HEAD" : "HEAD^"
  const world = await makeWorld()
  try {
    const checkout = await checkOut(before, world)
    const candidates = [
      await started(world, options.jobs, { name: "now", root: ROOT }),
      await started(world, options.jobs, { name: "before", root: checkout }),
    ]
    const results = await compare(names, candidates, { world, options })
    const commit = (await git("log", "-1", "--format=%h %s", before)).trim()
    return tableOf(`Beside ${commit}`, results, "now")
  } finally {
    await world.remove()
  }
}

async function started(
  world: World,
  jobs: number,
  { name, root }: { name: string; root: string },
): Promise<Candidate> {
  const { url, probe } = await world.createDatabase(name)
  const env = {
    SPINOR_DOCUMENTS: "sql",
    SPINOR_SANDBOX_STORE: "disk",
    SPINOR_DATA_DIR: join(world.folder, `data of ${name}`),
  }
  const server = await startSpinor({ world, name, env, databaseUrl: url }, root)
  await storeRows(probe, jobs)
  const known = { jobs, jobsPerCall: 1000, etag: await etagOf(server.url, world.tokens.user) }
  return { name, server, known, database: probe }
}

/** A worktree with the packages that this one has, but for ours, which are its own. */
async function checkOut(commit: string, world: World): Promise<string> {
  const folder = join(world.folder, "before")
  await git("worktree", "add", "--quiet", "--detach", folder, commit)
  world.atEnd(() => git("worktree", "remove", "--force", folder))
  const packages = join(folder, "node_modules")
  await mkdir(join(packages, "@spinor"), { recursive: true })
  for (const name of await readdir(join(ROOT, "node_modules"))) {
    if (name === "@spinor") continue
    await symlink(join(ROOT, "node_modules", name), join(packages, name))
  }
  for (const name of await readdir(join(folder, "packages"))) {
    await symlink(join(folder, "packages", name), join(packages, "@spinor", name))
  }
  return folder
}

const git = (...parameters: string[]): Promise<string> =>
  runProgram("git", parameters, { cwd: ROOT })
