import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { freePort } from "../../support/free-port.ts"
import { environmentFolder, makeEnvironment } from "../../support/python-environment.ts"
import { runProgram } from "../../support/run-program.ts"
import { startProgram, type RunningServer } from "../processes.ts"
import type { World } from "./world.ts"

const ROOT = fileURLToPath(new URL("../../..", import.meta.url))
const REQUIREMENTS = fileURLToPath(new URL("requirements.txt", import.meta.url))

/** Makes the official server, its tables and its index templates. */
export async function prepareDiracx({ env, databaseUrl }: World): Promise<void> {
  const folder = environmentFolder("the DiracX server")
  await makeEnvironment(folder, REQUIREMENTS)
  const python = join(folder, "bin/python")
  const variables = { ...env, ...databaseVariables(databaseUrl.diracx) }
  for (const command of ["init-sql", "init-os"]) {
    await runProgram(python, ["-m", "diracx.db", command], {
      env: { ...process.env, ...variables },
    })
  }
}

/** The official server: one worker. */
export async function startDiracx({ env, folder, databaseUrl }: World): Promise<RunningServer> {
  const port = await freePort()
  return await startProgram(
    {
      command: join(environmentFolder("the DiracX server"), "bin/uvicorn"),
      parameters: [
        "--factory",
        "diracx.routers.factory:create_app",
        "--host=127.0.0.1",
        `--port=${port}`,
      ],
      env: { ...env, ...databaseVariables(databaseUrl.diracx) },
      folder,
      log: join(folder, "diracx.log"),
    },
    `http://127.0.0.1:${port}`,
  )
}

/** Ours: one process, as it is deployed; of this checkout unless another is named. */
export const startSpinor = (world: World, root = ROOT): Promise<RunningServer> =>
  startNode(world, "spinor", {
    entry: join(root, "functions/server.ts"),
    env: { SPINOR_STAGE: "production" },
  })

/** What ours cannot be faster than. */
export const startFloor = (world: World, etag: string): Promise<RunningServer> =>
  startNode(world, "floor", {
    entry: join(ROOT, "tests/bench/diracx/floor/main.ts"),
    env: { FLOOR_ETAG: etag },
  })

async function startNode(
  { env: common, folder, databaseUrl }: World,
  name: string,
  { entry, env }: { entry: string; env: Record<string, string> },
): Promise<RunningServer> {
  const port = await freePort()
  const own = { SPINOR_DB_URL: databaseUrl.spinor, HOST: "127.0.0.1", PORT: String(port) }
  return await startProgram(
    {
      command: process.execPath,
      parameters: [entry],
      env: { ...common, ...own, ...env },
      folder,
      log: join(folder, `${name}.log`),
    },
    `http://127.0.0.1:${port}`,
  )
}

const DATABASES = [
  "AuthDB",
  "JobDB",
  "JobLoggingDB",
  "PilotAgentsDB",
  "ResourceStatusDB",
  "SandboxMetadataDB",
  "TaskQueueDB",
]

const databaseVariables = (url: string): Record<string, string> =>
  Object.fromEntries(DATABASES.map((name) => [`DIRACX_DB_URL_${name.toUpperCase()}`, url]))
