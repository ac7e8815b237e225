import { exclusively } from "@spinor/db/sql/lease"
import { authRetention, keepAuth, type AuthUpkeep } from "@spinor/logic/auth/upkeep"
import { connect, openEngine, told } from "./db-connection.ts"
import { jsonText, type JsonOption } from "./json.ts"
import type { Terminal } from "./terminal.ts"

/** Makes room in AuthDB for what comes, and deletes what has expired. */
export async function upkeep({ json = false }: JsonOption, terminal: Terminal): Promise<void> {
  const { settings, urlOf, connections } = connect(terminal, ["AuthDB"])
  const place = `${urlOf("AuthDB").place} (AuthDB)`
  try {
    const engine = await openEngine(connections, "AuthDB", place)
    const done = await told(place, () =>
      exclusively(engine, "spinor_keep_auth", () =>
        keepAuth({ sql: connections.sql, clock: terminal.clock }, authRetention(settings)),
      ),
    )
    terminal.stdout.write(json ? jsonText({ place, ...done }) : report(place, done))
  } finally {
    await connections.close()
  }
}

function report(place: string, done: AuthUpkeep): string {
  const names = (partitions: readonly string[]) => partitions.join(", ") || "none"
  const lines = [
    `partitions added: ${names(done.added)}; dropped: ${names(done.dropped)}`,
    `rows deleted: ${done.refreshTokens} of refresh tokens, ${done.authorizationFlows} of authorization flows, ${done.deviceFlows} of device flows, ${done.attempts} of attempts`,
  ]
  return `${[place, ...lines.map((line) => `  ${line}`)].join("\n")}\n`
}
