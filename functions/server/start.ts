import { createServer, type RequestListener } from "node:http"
import { resolve } from "node:path"
import { getRequestListener } from "@hono/node-server"
import { systemClock } from "@spinor/core/instant"
import { parseStateKey } from "@spinor/core/security/state-key"
import type { Settings } from "@spinor/core/settings/settings"
import { diskStore, SANDBOXES_PATH, type DiskStore } from "@spinor/local/sandboxes/disk-store"
import { createApp } from "@spinor/routers/app"
import { tasks } from "@spinor/tasks/tasks"
import { docsAsset } from "./docs-assets.ts"
import { embed, IDP_PATH, makeWritable, type Embedded } from "./embed.ts"
import { listen, originOf } from "./listen.ts"
import { createLog, type Log } from "../compose/log.ts"
import { loggedTask } from "../compose/logged-task.ts"
import { composeService, type Service } from "../compose/service.ts"
import { stopOnSignal } from "./stop.ts"
import { taskDeps } from "../compose/task-deps.ts"
import { runRegularly } from "./task-timer.ts"
import { bringUpToDate, refuseNewerTables } from "../compose/tables.ts"
import { composeTelemetry } from "../compose/telemetry/compose.ts"
import type { Telemetry } from "../compose/telemetry/telemetry.ts"
import { welcome } from "./welcome.ts"

/**
 * Runs the whole service in this process until it is told to stop. Deployed, it takes every part
 * from the environment; otherwise it brings what is missing.
 */
export async function startServer(settings: Settings): Promise<void> {
  let listener: RequestListener = (_, response) =>
    response.writeHead(503, { "retry-after": "1" }).end()
  const server = createServer((request, response) => listener(request, response))
  await listen(server, settings)
  const origin = originOf(server, settings)
  const embedded = settings.deployed ? undefined : await embed(settings, origin)
  const used = embedded?.settings ?? settings
  const telemetry = await composeTelemetry(used, createLog().problem)
  const log = createLog(telemetry?.keep)
  const sandboxes = await sandboxesOnDisk(used, log)
  const service = await composeService(used, {
    issuer: settings.SPINOR_PUBLIC_URL ?? origin,
    onProblem: log.problem,
    ...(telemetry && { sqlTelemetry: telemetry.sql }),
    ...(sandboxes && { sandboxStore: sandboxes.store }),
  })
  await (embedded ? bringUpToDate(service) : refuseNewerTables(service))
  listener = listenerOf(service, { embedded, sandboxes, log, telemetry })
  welcome({
    origin,
    settings: used,
    databases: service.databases,
    documents: service.documents.places,
    embedded: embedded !== undefined,
  })
  const stopTasks = runRegularly(
    tasks,
    loggedTask(taskDeps(service, service.deps.sandboxStore, used), log),
  )
  stopOnSignal(server, async () => {
    await stopTasks()
    await service.documents.close()
    await service.connections.close()
    await telemetry?.flush()
  })
}

interface Parts {
  readonly embedded: Embedded | undefined
  readonly sandboxes: DiskStore | undefined
  readonly log: Log
  readonly telemetry: Telemetry | undefined
}

/** Logins with the embedded provider go to it, sandboxes to the disk, all else to the service. */
function listenerOf(
  service: Service,
  { embedded, sandboxes, log, telemetry }: Parts,
): RequestListener {
  const app = createApp(
    { ...service.deps, docsAsset },
    { log: log.request, ...(telemetry && { trace: telemetry.trace }) },
  )
  const answer = getRequestListener(app.fetch)
  return (request, response) => {
    if (embedded && isBelow(IDP_PATH, request.url)) {
      embedded.provider.callback(request, response)
    } else if (sandboxes && isBelow(SANDBOXES_PATH, request.url)) {
      sandboxes.listener(request, response)
    } else {
      void answer(request, response)
    }
  }
}

const isBelow = (path: string, url = ""): boolean =>
  url.startsWith(path) && /^[/?]?$/.test(url.charAt(path.length))

/** The store on this machine's disk, when it is the one that is wanted; the state key signs its URLs. */
async function sandboxesOnDisk(settings: Settings, log: Log): Promise<DiskStore | undefined> {
  const { SPINOR_SANDBOX_STORE: wanted, DIRACX_SERVICE_AUTH_STATE_KEY: stateKey } = settings
  if (wanted !== "disk" || stateKey === undefined) return undefined
  await makeWritable(resolve(settings.SPINOR_DATA_DIR))
  const sandboxes = diskStore({
    folder: resolve(settings.SPINOR_DATA_DIR, "sandboxes"),
    stateKey: parseStateKey(stateKey),
    clock: systemClock,
    seName: settings.DIRACX_SANDBOX_STORE_SE_NAME,
    bucket: settings.DIRACX_SANDBOX_STORE_BUCKET_NAME ?? "sandboxes",
    urlValiditySeconds: settings.DIRACX_SANDBOX_STORE_URL_VALIDITY_SECONDS,
    onProblem: log.problem,
  })
  await sandboxes.sweep()
  return sandboxes
}
