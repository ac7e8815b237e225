import type { Command } from "commander"
import { jsonText, withJson, type JsonOption } from "@spinor/admin/json"
import { jobWithLog, LOG_COLUMNS } from "../job-log.ts"
import { positive, withExamples, withUrl } from "../options.ts"
import { openSession, type UrlOption } from "../session.ts"
import type { Shell } from "../shell.ts"
import { rowsText } from "../show-rows.ts"

type LogsOptions = UrlOption & JsonOption

export function mountLogs(jobs: Command, shell: Shell): void {
  const logs = jobs
    .command("logs")
    .description("show which statuses a job had, when, and who said so; times are in UTC")
    .argument("<id>", "its JobID", positive)
    .action((id: number, options: LogsOptions) => showLogs(shell, id, options))
  withUrl(withJson(logs, "print the records as JSON"))
  withExamples(logs, ["jobs logs 42", "jobs logs 42 --json"])
}

async function showLogs(
  shell: Shell,
  id: number,
  { json = false, ...option }: LogsOptions,
): Promise<void> {
  const { http } = await openSession(shell, option)
  const { log } = await jobWithLog(http, id)
  shell.stdout.write(json ? jsonText(log) : rowsText(shell, LOG_COLUMNS, log))
}
