import { readFileSync } from "node:fs"
import { SettingsError, type Settings } from "@spinor/core/settings/settings"
import type { EngineOptions, EngineTls } from "./engine.ts"

/**
 * How the settings want databases to be connected to.
 * @throws SettingsError when the certificates cannot be read
 */
export const engineOptions = (settings: Settings): Omit<EngineOptions, "telemetry"> => ({
  poolSize: settings.SPINOR_DB_POOL_SIZE,
  poolOverflow: settings.SPINOR_DB_POOL_OVERFLOW,
  poolTimeout: settings.SPINOR_DB_POOL_TIMEOUT * 1000,
  poolRecycle: settings.SPINOR_DB_POOL_RECYCLE * 1000,
  prePing: settings.SPINOR_DB_PRE_PING,
  connectTimeout: settings.SPINOR_DB_CONNECT_TIMEOUT * 1000,
  statementTimeout: settings.SPINOR_DB_STATEMENT_TIMEOUT * 1000,
  busyTimeout: settings.SPINOR_SQLITE_BUSY_TIMEOUT * 1000,
  synchronous: settings.SPINOR_SQLITE_SYNCHRONOUS,
  tls: tlsOf(settings),
})

function tlsOf({
  SPINOR_DB_TLS_MODE: mode,
  SPINOR_DB_TLS_CA: file,
}: Settings): EngineTls | undefined {
  if (mode === "disable") return undefined
  try {
    return { mode, ca: file === undefined ? undefined : readFileSync(file, "utf8") }
  } catch {
    throw new SettingsError(["SPINOR_DB_TLS_CA: the file cannot be read"])
  }
}
