import type { Settings } from "@spinor/core/settings/settings"
import type { Telemetry } from "./telemetry.ts"

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
