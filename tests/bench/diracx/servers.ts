import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { freePort } from "../../support/free-port.ts"
import { environmentFolder, makeEnvironment } from "../../support/python-environment.ts"
import { runProgram } from "../../support/run-program.ts"
import { startProgram, type Program, type RunningServer } from "../processes.ts"
import type { World } from "./world.ts"

const ROOT = fileURLToPath(new URL("../../..", import.meta.url))
const REQUIREMENTS = fileURLToPath(new URL("requirements.txt", import.meta.url))

/** Where a server works. */
export interface Place {
  readonly world: World
  /** Of its log. */
  readonly name: string
  readonly databaseUrl: string
  /** What it takes besides what all take. */
  readonly env: Readonly<Record<string, string>>
}

/** Where each database of DiracX may have a URL of its own, by its name. */
interface DiracxPlace extends Omit<Place, "databaseUrl"> {
  readonly databaseUrl: string | ((database: string) => string)
}

/** Makes the tables of DiracX, starts the official server, and waits until it is ready. */
export async function startDiracx(
  { world, name, databaseUrl, env }: DiracxPlace,
  { workers = 1 } = {},
): Promise<RunningServer> {
  const folder = environmentFolder("the DiracX server")
  await makeEnvironment(folder, REQUIREMENTS)
  const urlOf = typeof databaseUrl === "string" ? () => databaseUrl : databaseUrl
  const urls = DATABASES.map((name) => [`DIRACX_DB_URL_${name.toUpperCase()}`, urlOf(name)])
  const variables = { ...world.env, ...env, ...Object.fromEntries(urls) }
  for (const command of ["init-sql", "init-os"]) {
    await runProgram(join(folder, "bin/python"), ["-m", "diracx.db", command], {
      env: { ...process.env, ...variables },
    })
  }
  const port = await freePort()
  return await started(world, name, port, {
    command: join(folder, "bin/uvicorn"),
    parameters: [
      "--factory",
      "diracx.routers.factory:create_app",
      `--port=${port}`,
      `--workers=${workers}`,
    ],
    env: variables,
  })
}

/** How much the SQLite of DiracX's Python waits for at a commit to a file, unless it is told: 2 is FULL. */
export async function synchronousOfDiracx(file: string): Promise<number> {
  const code =
    "import sqlite3, sys; print(*sqlite3.connect(sys.argv[1]).execute('PRAGMA synchronous').fetchone())"
  const python = join(environmentFolder("the DiracX server"), "bin/python")
  return Number(await runProgram(python, ["-c", code, file]))
}

/** Of DiracX. */
export const DATABASES = [
  "AuthDB",
  "JobDB",
  "JobLoggingDB",
  "PilotAgentsDB",
  "ResourceStatusDB",
  "SandboxMetadataDB",
  "TaskQueueDB",
]

/** Makes the tables of ours and starts it, in one process, as it is deployed; of this checkout unless another is named. */
export async function startSpinor(place: Place, root = ROOT): Promise<RunningServer> {
  const variables = { ...process.env, ...place.env, SPINOR_DB_URL: place.databaseUrl }
  const migrate = [join(root, "packages/cli/src/main.ts"), "db", "migrate"]
  await runProgram(process.execPath, migrate, { env: variables })
  const env = { ...place.env, SPINOR_STAGE: "production" }
  return await startNode({ ...place, env }, join(root, "functions/server.ts"))
}

/** What ours cannot be faster than, on its database. */
export const startFloor = (place: Place): Promise<RunningServer> =>
  startNode(place, join(ROOT, "tests/bench/diracx/floor/main.ts"))

async function startNode({ world, name, databaseUrl, env }: Place, entry: string) {
  const port = await freePort()
  const own = { SPINOR_DB_URL: databaseUrl, HOST: "127.0.0.1", PORT: String(port) }
  return await started(world, name, port, {
    command: process.execPath,
    parameters: [entry],
    env: { ...world.env, ...env, ...own },
  })
}

async function started(
  { folder, atEnd }: World,
  name: string,
  port: number,
  program: Omit<Program, "folder" | "log">,
): Promise<RunningServer> {
  const log = join(folder, `${name}.log`)
  const server = await startProgram({ ...program, folder, log }, `http://127.0.0.1:${port}`)
  atEnd(server.stop)
  return server
}
