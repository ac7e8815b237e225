import * as z from "zod"
import { CommandError } from "./errors.ts"
import type { Http } from "./http.ts"
import { searchOne, type Row } from "./search.ts"

/** The job's log; asked for alone, it comes with all columns. */
const LOG = "LoggingInfo"

const Records = z.array(z.record(z.string(), z.unknown())).catch([])

export const LOG_COLUMNS = ["StatusTime", "Status", "MinorStatus", "ApplicationStatus", "Source"]

/**
 * All columns of a job, and the history of its statuses, the oldest first.
 * @throws CommandError when there is no such job
 */
export async function jobWithLog(http: Http, id: number): Promise<{ columns: Row; log: Row[] }> {
  const job = await searchOne(http, "jobs", "JobID", String(id), [LOG])
  if (job === undefined) throw new CommandError(`there is no job ${id} that you may see`)
  const { [LOG]: log, ...columns } = job
  return { columns, log: Records.parse(log) }
}
