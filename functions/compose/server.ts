import { createServer, type RequestListener } from "node:http"
import { getRequestListener } from "@hono/node-server"
import { UnavailableError } from "@spinor/core/errors"
import { systemClock } from "@spinor/core/instant"
import type { Settings } from "@spinor/core/settings/settings"
import { DATABASES } from "@spinor/db/sql/declared"
import { migrate, MigrationError } from "@spinor/db/sql/migrations/migrate"
import { createApp } from "@spinor/routers/app"
import { docsAsset } from "./docs-assets.ts"
import { embed, IDP_PATH, type Embedded } from "./embed.ts"
import { listen, originOf } from "./listen.ts"
import { logProblem, logRequest } from "./log.ts"
import { composeService, type Service } from "./service.ts"
import { stopOnSignal } from "./stop.ts"
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
  const service = await composeService(embedded?.settings ?? settings, {
    issuer: settings.SPINOR_PUBLIC_URL ?? origin,
    onProblem: logProblem,
  })
  if (embedded) await migrateAll(service)
  listener = listenerOf(service, embedded)
  welcome({
    origin,
    settings: embedded?.settings ?? settings,
    databases: service.databases,
    embedded: embedded !== undefined,
  })
  stopOnSignal(server, service.connections)
}

/** Logins with the embedded provider go to it, all else to the service. */
function listenerOf(service: Service, embedded: Embedded | undefined): RequestListener {
  const app = createApp({ ...service.deps, docsAsset }, { log: logRequest })
  const answer = getRequestListener(app.fetch)
  return (request, response) => {
    if (embedded && request.url?.startsWith(`${IDP_PATH}/`)) {
      embedded.provider.callback(request, response)
    } else {
      void answer(request, response)
    }
  }
}

/** Databases that share an engine are brought up to date in one go. */
async function migrateAll({ connections, databases }: Service): Promise<void> {
  for (const names of connections.byEngine(DATABASES)) {
    try {
      await migrate(await connections.engineOf(names[0] ?? ""), names, systemClock)
    } catch (cause) {
      if (cause instanceof MigrationError) throw cause
      const reason = `cannot make the tables of ${names.join(", ")} in ${databases.join(", ")}`
      throw new UnavailableError(`${reason}: is the database there?`, { cause })
    }
  }
}
