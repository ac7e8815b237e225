import { styleText } from "node:util"
import { causes } from "@spinor/core/causes"
import { SettingsError } from "@spinor/core/settings/settings"
import type { Figures } from "@spinor/tasks/task"
import type { RequestRecord } from "@spinor/routers/http/request-log"

type Style = Parameters<typeof styleText>[0]

/** Colours, where the stream shows them; NO_COLOR and FORCE_COLOR are honoured. */
export const paint = (style: Style, text: string): string =>
  styleText(style, text, { stream: process.stdout })

/** What a line says, for those who keep it elsewhere too. */
export interface LogLine {
  readonly severity: "info" | "warn" | "error"
  readonly text: string
  readonly attributes: Readonly<Record<string, string | number>>
}

/** The service's log: lines for people on a terminal, JSON elsewhere. */
export interface Log {
  /** A line for each request. */
  readonly request: (record: RequestRecord) => void
  /** What went wrong inside. Messages of databases hold statements and values, so only names are told. */
  readonly problem: (error: unknown, requestId?: string) => void
  /** A line for each task that did something. */
  readonly task: (name: string, figures: Figures, milliseconds: number) => void
}

/** Writes to standard output, and tells `keep` of each line. */
export function createLog(keep?: (line: LogLine) => void): Log {
  const problem: Log["problem"] = (error, requestId) => {
    const text = [...causes(error)].map(nameOf).join(" < ")
    write(() => `${paint("red", "problem")} ${text}`, { level: "error", requestId, problem: text })
    const attributes = requestId === undefined ? {} : { "spinor.request.id": requestId }
    keep?.({ severity: "error", text, attributes })
  }
  const request: Log["request"] = ({ error, ...record }) => {
    const { requestId, method, path, status, milliseconds } = record
    const forPeople = () => {
      const end = paint("dim", `${milliseconds} ms ${requestId}`)
      const start = paint(COLOURS[severityOf(status)], String(status))
      return `${start} ${method.padEnd(6)} ${path} ${end}`
    }
    write(forPeople, record)
    keep?.({
      severity: severityOf(status),
      text: `${method} ${path} ${status}`,
      attributes: {
        "spinor.request.id": requestId,
        "spinor.request.milliseconds": milliseconds,
        "http.request.method": method,
        "url.path": path,
        "http.response.status_code": status,
      },
    })
    if (status >= 500) problem(error, requestId)
  }
  const task: Log["task"] = (name, figures, milliseconds) => {
    if (!Object.values(figures).some((figure) => figure > 0)) return
    const done = Object.entries(figures).map(([what, figure]) => `${what} ${figure}`)
    const took = Math.round(milliseconds)
    const forPeople = () =>
      `${paint("cyan", "task")} ${name}: ${done.join(", ")} ${paint("dim", `${took} ms`)}`
    write(forPeople, { task: name, milliseconds: took, ...figures })
    const attributes = { "spinor.task": name, "spinor.task.milliseconds": took, ...figures }
    keep?.({ severity: "info", text: `${name}: ${done.join(", ")}`, attributes })
  }
  return { request, problem, task }
}

const COLOURS = { info: "green", warn: "yellow", error: "red" } as const

function severityOf(status: number): LogLine["severity"] {
  if (status >= 500) return "error"
  return status >= 400 ? "warn" : "info"
}

/** A line for people on a terminal, painted for them alone; JSON with the time elsewhere. */
export function write(forPeople: () => string, forPrograms: object): void {
  const time = new Date().toISOString()
  const line = process.stdout.isTTY ? forPeople() : JSON.stringify({ time, ...forPrograms })
  process.stdout.write(`${line}\n`)
}

const SAFE = new Set([
  "UnavailableError",
  "DeadlineError",
  "BadGatewayError",
  "ConfigError",
  "MigrationError",
  "DriverError",
  "OsConnectionError",
  "S3Error",
  "MessageError",
  "AnswerTooLongError",
  "TelemetryError",
  "TypeError",
])

function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  const code = "code" in error && typeof error.code === "string" ? ` ${error.code}` : ""
  const place = /\n\s+at (\S+)/.exec(error.stack ?? "")?.[1]
  // What the platform quotes may be a header, and so a secret: "Bearer …" is an invalid header value.
  const message = SAFE.has(error.name) ? `: ${error.message.replace(/"[^]*"/, '"…"')}` : ""
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
