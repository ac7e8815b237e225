import { InvalidArgumentError, type Command } from "commander"
import { jsonText, withJson, type JsonOption } from "@spinor/admin/json"
import { CommandError } from "../errors.ts"
import { jobIdsText, MOST_JOBS, parseJobIds } from "../job-ids.ts"
import { killJobs, rescheduleJobs, type Changes } from "../job-service.ts"
import { withExamples, withUrl } from "../options.ts"
import { openSession, type UrlOption } from "../session.ts"
import type { Shell } from "../shell.ts"

export const IDS = "their JobIDs, such as 1,2,5-9"

type ChangeOptions = UrlOption & JsonOption

interface RescheduleOptions extends ChangeOptions {
  readonly reset?: boolean
}

export function mountKill(jobs: Command, shell: Shell): void {
  const kill = jobs
    .command("kill")
    .description("kill jobs: they leave the queue, or are ended where they run")
    .argument("<ids...>", IDS, collectJobIds)
    .action(async (ids: number[], options: ChangeOptions) => {
      const { http } = await openSession(shell, options)
      const changes = await killJobs(http, ids, shell.now())
      report(shell, changes, { done: "Killed", undone: "not killed", ...options })
    })
  withUrl(withJson(kill, "print what became of each job as JSON"))
  withExamples(kill, ["jobs kill 42", "jobs kill 1,2,5-9 12", "jobs kill 42 43 --json"])
}

export function mountReschedule(jobs: Command, shell: Shell): void {
  const reschedule = jobs
    .command("reschedule")
    .description("send jobs back to the start, to run again")
    .argument("<ids...>", IDS, collectJobIds)
    .option("--reset", "begin to count anew how often they were rescheduled")
    .action(async (ids: number[], { reset = false, ...options }: RescheduleOptions) => {
      const { http } = await openSession(shell, options)
      const changes = await rescheduleJobs(http, ids, { reset })
      report(shell, changes, { done: "Rescheduled", undone: "not rescheduled", ...options })
    })
  withUrl(withJson(reschedule, "print what became of each job as JSON"))
  withExamples(reschedule, ["jobs reschedule 42", "jobs reschedule 1,2,5-9 --reset"])
}

export function collectJobIds(text: string, before: readonly number[] = []): number[] {
  const more = parseJobIds(text)
  const ids = [...new Set([...before, ...(more ?? [])])]
  if (more !== undefined && ids.length <= MOST_JOBS) return ids
  throw new InvalidArgumentError(
    `It should be a list such as 1,2,5-9, of ${MOST_JOBS} jobs at most.`,
  )
}

/** @throws CommandError that names the jobs that failed, if there are any */
function report(
  { stdout, paint }: Shell,
  { success, failed }: Changes,
  { done, undone, json = false }: { done: string; undone: string; json?: boolean },
): void {
  const ids = Object.keys(success).map(Number)
  if (json) stdout.write(jsonText({ success, failed }))
  else if (ids.length > 0) {
    const what = ids.length === 1 ? "job" : `${ids.length} jobs:`
    stdout.write(`${paint("green", done)} ${what} ${jobIdsText(ids)}\n`)
  }
  const reasons = Map.groupBy(Object.keys(failed), (id) => failed[id]?.detail)
  if (reasons.size === 0) return
  const told = [...reasons].map(([why, ids]) => `${jobIdsText(ids.map(Number))} (${why})`)
  throw new CommandError(`${undone}: ${told.join("; ")}`)
}
