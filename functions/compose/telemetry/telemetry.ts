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
  /** Sends what is waiting, in no more than two seconds, or until the signal. Never rejects. */
  flush(signal?: AbortSignal): Promise<void>
}
