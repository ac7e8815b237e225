import type { Command } from "commander"
import * as z from "zod"
import { CommandError } from "../errors.ts"
import { searchJobs } from "../job-service.ts"
import { jsonText, positive, withExamples, withUrl } from "../options.ts"
import { openSession, type UrlOption } from "../session.ts"
import type { Shell } from "../shell.ts"
import { pairsText, rowsText } from "../show-jobs.ts"

/** The job's log; asked for alone, it comes with all columns. */
const LOG = "LoggingInfo"

const LOG_COLUMNS = ["StatusTime", "Status", "MinorStatus", "ApplicationStatus", "Source"]

const Records = z.array(z.record(z.string(), z.unknown())).catch([])

interface JobOptions extends UrlOption {
  readonly json?: boolean
}

export function mountJob(program: Command, shell: Shell): void {
  const job = program
    .command("job")
    .description("show all of one job, and its log; times are in UTC")
    .argument("<id>", "its JobID", positive)
    .option("--json", "print it as JSON")
    .action((id: number, options: JobOptions) => showJob(shell, id, options))
  withUrl(job)
  withExamples(job, ["job 42", "job 42 --json"])
}

async function showJob(
  shell: Shell,
  id: number,
  { json = false, ...option }: JobOptions,
): Promise<void> {
  const { http } = await openSession(shell, option)
  const search = [{ parameter: "JobID", operator: "eq", value: String(id) }]
  const { rows } = await searchJobs(http, { parameters: [LOG], search }, { page: 1, perPage: 1 })
  const [job] = rows
  if (job === undefined) throw new CommandError(`there is no job ${id} that you may see`)
  if (json) {
    shell.stdout.write(jsonText(job))
    return
  }
  const columns = Object.keys(job).filter((column) => column !== LOG)
  shell.stdout.write(pairsText(shell, columns, job))
  const records = Records.parse(job[LOG])
  if (records.length > 0) shell.stdout.write(`\n${rowsText(shell, LOG_COLUMNS, records)}`)
}
