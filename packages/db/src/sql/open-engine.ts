import { USUAL_OPTIONS, type Engine, type EngineOptions } from "./engine.ts"
import { observedEngine } from "./telemetry/observed.ts"
import { pooled } from "./pool.ts"
import type { DatabaseUrl } from "./url.ts"

/** Opens the engine of a URL; what is not told is as usual. */
export async function openEngine(
  url: DatabaseUrl,
  changed: Partial<EngineOptions> = {},
): Promise<Engine> {
  const options = { ...USUAL_OPTIONS, ...changed }
  return observedEngine(await openDriver(url, options), url.database, options.telemetry)
}

/** Loads the driver that the URL's scheme asks for, and no other. */
async function openDriver(url: DatabaseUrl, options: EngineOptions): Promise<Engine> {
  switch (url.driver) {
    case "sqlite-file":
      return (await import("./drivers/sqlite-file.ts")).openSqliteFile(url, options)
    case "libsql-http":
      return (await import("./drivers/libsql-http.ts")).openLibsqlHttp(url, options)
    case "mysql2":
      return pooled((await import("./drivers/mysql2.ts")).mysql2Server(url, options), options)
    case "planetscale":
      return (await import("./drivers/planetscale.ts")).openPlanetscale(url, options)
    case "postgres":
      return pooled((await import("./drivers/postgres.ts")).postgresServer(url, options), options)
  }
}
