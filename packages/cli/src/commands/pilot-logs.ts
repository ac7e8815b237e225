import { InvalidArgumentError, Option, type Command } from "commander"
import { jsonText, withJson, type JsonOption } from "@spinor/admin/json"
import { printable, printableLine } from "@spinor/admin/printable"
import type { Condition } from "../conditions.ts"
import { CommandError } from "../errors.ts"
import { collect, positive, withExamples, withUrl } from "../options.ts"
import { aroundDate, type Around } from "../period.ts"
import { firstLines, lastLines, type Line, type LogSearch } from "../pilot-log.ts"
import { searchOne } from "../search.ts"
import { openSession, type UrlOption } from "../session.ts"
import type { Shell, Style } from "../shell.ts"
import { shown } from "../show-rows.ts"

/** DIRAC's levels of logging. */
const STYLES: Readonly<Record<string, Style | undefined>> = {
  DEBUG: "dim",
  VERBOSE: "dim",
  INFO: undefined,
  NOTICE: "cyan",
  WARN: "yellow",
  ERROR: "red",
  ALWAYS: "cyan",
  FATAL: "red",
}
const LEVELS = Object.keys(STYLES)
const WIDEST = Math.max(...LEVELS.map((level) => level.length))

const POLL_MS = 2000

interface LogsOptions extends UrlOption, JsonOption {
  readonly severity?: readonly string[]
  readonly since?: Around
  readonly until?: Around
  readonly text?: string
  readonly tail?: number
  readonly limit?: number
  readonly follow?: boolean
}

export function mountLogs(pilots: Command, shell: Shell): void {
  const levels = LEVELS.join(", ")
  const logs = pilots
    .command("logs")
    .description("show what a pilot logged; times are in UTC, and * marks what may be repeated")
    .argument("<stamp>", "its PilotStamp")
    .option(
      "--severity <level>",
      `* only lines of this level: ${levels}`,
      collect(readLevel, `It should be one of ${levels}.`),
    )
    .option("--since <date>", "only lines from this date on, such as 2026-11-21T08", readDate)
    .option("--until <date>", "only lines up to this date, which is included", readDate)
    .option("--text <words>", "only lines in which all of these words occur")
    .option("--tail <number>", "only so many lines, the last ones", positive)
    .addOption(
      new Option("--limit <number>", "only so many lines, the first ones")
        .argParser(positive)
        .conflicts("tail"),
    )
    .addOption(
      new Option("-f, --follow", "go on with new lines until Ctrl-C").conflicts(["limit", "json"]),
    )
    .action((stamp: string, options: LogsOptions) => showLogs(shell, stamp, options))
  withUrl(withJson(logs, "print the lines as JSON"))
  withExamples(logs, [
    "pilots logs 0a1b2c3d4e5f",
    "pilots logs 0a1b2c3d4e5f --tail 20 --follow",
    "pilots logs 0a1b2c3d4e5f --severity ERROR --severity FATAL --since 2026-11-21",
    `pilots logs 0a1b2c3d4e5f --text "connection refused" --json`,
  ])
}

const readLevel = (text: string): string | undefined =>
  LEVELS.find((level) => level === text.toUpperCase())

function readDate(text: string): Around {
  const around = aroundDate(text)
  if (around !== undefined) return around
  throw new InvalidArgumentError("It should be a date such as 2026-11 or 2026-11-21T08:30.")
}

async function showLogs(shell: Shell, stamp: string, options: LogsOptions): Promise<void> {
  const { tail, limit, follow = false, json = false } = options
  const { http } = await openSession(shell, options)
  const wanted = searchOf(stamp, options)
  const pages =
    tail === undefined ? firstLines(http, wanted, limit) : [await lastLines(http, wanted, tail)]
  const all: Line[] = []
  let last: Line | undefined
  for await (const lines of pages) {
    if (json) all.push(...lines)
    else write(shell, lines)
    last = lines.at(-1) ?? last
  }
  if (last === undefined) {
    const pilot = await searchOne(http, "pilots", "PilotStamp", stamp, ["PilotStamp"])
    if (pilot === undefined) throw new CommandError(`there is no pilot ${stamp} that you may see`)
  }
  if (json) shell.stdout.write(jsonText(all))
  else if (follow) await goOn(shell, options, wanted, last)
  else if (last === undefined) shell.stdout.write(`${shell.paint("dim", "No lines")}\n`)
}

function searchOf(stamp: string, { severity, since, until, text }: LogsOptions): LogSearch {
  const search: Condition[] = [{ parameter: "PilotStamp", operator: "eq", value: stamp }]
  if (severity) search.push({ parameter: "Severity", operator: "in", values: severity })
  if (since) search.push({ parameter: "Time", operator: "gt", value: since.before })
  if (until) search.push({ parameter: "Time", operator: "lt", value: until.after })
  return { search, text }
}

/** Asks for what is newer, again and again; a login that is about to end is renewed meanwhile. */
async function goOn(
  shell: Shell,
  option: UrlOption,
  { search, text }: LogSearch,
  last: Line | undefined,
): Promise<never> {
  for (let after = last?.Sequence ?? -1; ;) {
    await shell.pause(POLL_MS)
    const { http } = await openSession(shell, option)
    const newer = { parameter: "Sequence", operator: "gt", value: String(after) }
    for await (const lines of firstLines(http, { search: [...search, newer], text })) {
      write(shell, lines)
      after = lines.at(-1)?.Sequence ?? after
    }
  }
}

function write({ stdout, paint }: Shell, lines: readonly Line[]): void {
  const texts = lines.map(({ Time: time, Severity: level, Text: text }) => {
    const style = STYLES[level]
    const padded = printable(level).padEnd(WIDEST)
    const painted = style === undefined ? padded : paint(style, padded)
    return `${paint("dim", printable(shown(time)))} ${painted} ${printableLine(text)}\n`
  })
  stdout.write(texts.join(""))
}
