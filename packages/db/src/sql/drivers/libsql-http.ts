import { createClient } from "@libsql/client/http"
import { sqliteDialect } from "../dialects/sqlite.ts"
import type { Engine, EngineOptions } from "../engine.ts"
import { sqliteQueries } from "./parts/sqlite-queries.ts"
import { SqliteUnit } from "./parts/sqlite-unit.ts"
import { patientFetch } from "./parts/patient-fetch.ts"
import type { DatabaseUrl } from "../url.ts"
import { refuseAfter, until } from "@spinor/core/until"
import { Gate } from "../units/gate.ts"
import { whenFree } from "./parts/when-free.ts"

/**
 * libSQL over HTTP, as Turso and sqld speak it: a transaction is a stream of requests. The server has
 * one writer, so that the writes of a process take turns here.
 */
export async function openLibsqlHttp(url: DatabaseUrl, options: EngineOptions): Promise<Engine> {
  const origin = `${url.tls ? "https" : "http"}://${url.host}:${url.port}`
  const client = createClient({
    url: `${origin}/${url.database}`,
    ...(url.password !== "" && { authToken: url.password }),
    concurrency: 0,
    fetch: patientFetch(origin, options),
  })
  const read = sqliteQueries(client, options)
  const writing = new Gate(1, options.poolTimeout)
  const patience = () => performance.now() + options.busyTimeout
  return {
    dialect: sqliteDialect,
    read: (work, signal) =>
      until(signal, () => whenFree(() => work(read), { until: patience(), signal })),
    transaction(work, signal) {
      // Who waits for his turn is waiting already.
      const end = patience()
      const turn = () => {
        let begun = false
        const attempt = async () => {
          refuseAfter(signal)
          const tx = await client.transaction("write")
          try {
            // Begins it: otherwise the first statement of the work would meet who is writing.
            await tx.execute("SELECT 1")
            begun = true
            const unit = new SqliteUnit(tx)
            const working = until(signal, () => work(sqliteQueries(unit, options)))
            const result = await working.finally(() => unit.end())
            await tx.commit()
            return result
          } finally {
            tx.close()
          }
        }
        return whenFree(attempt, { until: end, signal, begun: () => begun })
      }
      return until(signal, () => writing.pass(turn, signal))
    },
    close: async () => client.close(),
  }
}
