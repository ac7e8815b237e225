import type { Settings } from "@spinor/core/settings/settings"
import type { SqlTelemetry } from "@spinor/db/sql/telemetry/telemetry"
import type { RequestTrace } from "@spinor/routers/http/request-trace"
import type { LogLine } from "../log.ts"

/** What the service tells of itself to those who watch it. */
export interface Telemetry {
  /** Is told of units of work and statements. */
  readonly sql: SqlTelemetry
  readonly trace: RequestTrace
  /** Keeps a line of the log. */
  readonly keep: (line: LogLine) => void
  /** Sends what is waiting, in no more than two seconds. Never rejects. */
  flush(): Promise<void>
}

/** Starts what the settings ask for. Nothing of OpenTelemetry is loaded by those who ask for none. */
export async function composeTelemetry(
  settings: Settings,
  onProblem: (error: unknown) => void,
): Promise<Telemetry | undefined> {
  const { DIRACX_OTEL_ENABLED: collector, SPINOR_OTEL_OPENSEARCH: openSearch } = settings
  if (!collector && openSearch === false) return undefined
  const { startTelemetry } = await import("./open-telemetry.ts")
  return await startTelemetry(settings, onProblem)
}
