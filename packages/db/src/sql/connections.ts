import type { Engine, EngineOptions } from "./engine.ts"
import { observedDatabases } from "./telemetry/observed.ts"
import { openEngine } from "./open-engine.ts"
import { joinedReads } from "./units/joined-reads.ts"
import { createSqlDatabases, type SqlDatabases } from "./unit-of-work.ts"
import type { DatabaseUrl } from "./url.ts"

/** The logical databases of a service, and the engines behind them. */
export interface SqlConnections {
  readonly sql: SqlDatabases
  /** The engine of a logical database, opened at first use; databases of one URL share it. */
  engineOf(databaseName: string): Promise<Engine>
  /** Puts together the databases that share an engine. */
  byEngine(databaseNames: readonly string[]): string[][]
  close(): Promise<void>
}

/** `urlOf` gives the URL of a logical database; it has been checked at start, so it does not fail. */
export function connectSql(
  urlOf: (databaseName: string) => DatabaseUrl,
  options: Partial<EngineOptions> = {},
): SqlConnections {
  const { telemetry } = options
  const engines = new Map<string, Promise<Engine>>()

  const engineOf = async (databaseName: string): Promise<Engine> => {
    const url = urlOf(databaseName)
    const opening = engines.get(url.identity) ?? openEngine(url, options)
    engines.set(url.identity, opening)
    try {
      return await opening
    } catch (error) {
      // The next request tries again.
      if (engines.get(url.identity) === opening) engines.delete(url.identity)
      throw error
    }
  }

  return {
    sql: joinedReads(observedDatabases(createSqlDatabases(engineOf, telemetry), telemetry)),
    engineOf,
    byEngine: (names) => [...Map.groupBy(names, (name) => urlOf(name).identity).values()],
    async close() {
      const opened = await Promise.allSettled(engines.values())
      engines.clear()
      for (const engine of opened) if (engine.status === "fulfilled") await engine.value.close()
    },
  }
}
