import type { Command } from "commander"
import { jsonText, withJson, type JsonOption } from "@spinor/admin/json"
import { jobWithLog, LOG_COLUMNS } from "../job-log.ts"
import { positive, withExamples, withUrl } from "../options.ts"
import { openSession, type UrlOption } from "../session.ts"
import type { Shell } from "../shell.ts"
import { pairsText, rowsText } from "../show-rows.ts"

type JobOptions = UrlOption & JsonOption

export function mountJob(program: Command, shell: Shell): void {
  const job = program
    .command("job")
    .description("show all of one job, and its log; times are in UTC")
    .argument("<id>", "its JobID", positive)
    .action((id: number, options: JobOptions) => showJob(shell, id, options))
  withUrl(withJson(job, "print it as JSON"))
  withExamples(job, ["job 42", "job 42 --json"])
}

async function showJob(
  shell: Shell,
  id: number,
  { json = false, ...option }: JobOptions,
): Promise<void> {
  const { http } = await openSession(shell, option)
  const { columns, log } = await jobWithLog(http, id)
  if (json) {
    shell.stdout.write(jsonText({ ...columns, LoggingInfo: log }))
    return
  }
  shell.stdout.write(pairsText(shell, Object.keys(columns), columns))
  if (log.length > 0) shell.stdout.write(`\n${rowsText(shell, LOG_COLUMNS, log)}`)
}
