import { styleText } from "node:util"
import { causes } from "@spinor/core/causes"
import { SettingsError } from "@spinor/core/settings/settings"
import type { RequestRecord } from "@spinor/routers/http/request-log"

type Style = Parameters<typeof styleText>[0]

/** Colours, where the stream shows them; NO_COLOR and FORCE_COLOR are honoured. */
export const paint = (style: Style, text: string): string =>
  styleText(style, text, { stream: process.stdout })

const colourOf = (status: number): Style => {
  if (status >= 500) return "red"
  return status >= 400 ? "yellow" : "green"
}

/** One structured line a request: for people on a terminal, as JSON elsewhere. */
export function logRequest(record: RequestRecord): void {
  const { requestId, method, path, status, milliseconds, error } = record
  const line = process.stdout.isTTY
    ? `${paint(colourOf(status), String(status))} ${method.padEnd(6)} ${path} ${paint("dim", `${milliseconds} ms ${requestId}`)}`
    : JSON.stringify({
        time: new Date().toISOString(),
        requestId,
        method,
        path,
        status,
        milliseconds,
      })
  process.stdout.write(`${line}\n`)
  if (status >= 500) logProblem(error, requestId)
}

/** What went wrong inside. Messages of databases hold statements and values, so only names are told. */
export function logProblem(error: unknown, requestId?: string): void {
  const chain = [...causes(error)].map(nameOf).join(" < ")
  const line = process.stdout.isTTY
    ? `${paint("red", "problem")} ${chain}`
    : JSON.stringify({ time: new Date().toISOString(), level: "error", requestId, problem: chain })
  process.stdout.write(`${line}\n`)
}

const SAFE = new Set([
  "UnavailableError",
  "BadGatewayError",
  "ConfigError",
  "MigrationError",
  "DriverError",
  "S3Error",
  "TypeError",
])

function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  const code = "code" in error && typeof error.code === "string" ? ` ${error.code}` : ""
  const place = /\n\s+at (\S+)/.exec(error.stack ?? "")?.[1]
  const message = SAFE.has(error.name) ? `: ${error.message}` : ""
  return `${error.name}${code}${message}${place === undefined ? "" : ` at ${place}`}`
}

/** Says in a line what kept the service from starting. */
export function explainFailure(error: unknown): void {
  const lines = error instanceof SettingsError ? error.lines : [explained(error)]
  for (const line of lines) process.stderr.write(`${paint("red", "error")} ${line}\n`)
}

const EXPLAINED =
  /^(DatabaseUrlError|KeystoreError|ConfigError|MigrationError|UnavailableError|RangeError)$/

const explained = (error: unknown): string =>
  error instanceof Error && EXPLAINED.test(error.name) ? error.message : nameOf(error)
