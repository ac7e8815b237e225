import type { Command } from "commander"
import { jsonText } from "@spinor/admin/json"
import { CommandError, UsageError } from "../errors.ts"
import { jobIdsText, MOST_JOBS } from "../job-ids.ts"
import { showListing, withListing, type Listing, type ListingOptions } from "../listing.ts"
import { withExamples } from "../options.ts"
import { search } from "../search.ts"
import { openSession } from "../session.ts"
import type { Shell } from "../shell.ts"
import { pairsText } from "../show-rows.ts"
import { collectJobIds, IDS } from "./job-changes.ts"

const PARAMETERS: Listing = {
  what: "jobs",
  from: "jobs/parameters",
  columns: [
    "JobID",
    "timestamp",
    "GridCE",
    "CEQueue",
    "HostName",
    "ModelName",
    "Memory(MB)",
    "TotalCPUTime(s)",
  ],
  leftOutFirst: ["ModelName", "CEQueue", "Memory(MB)", "TotalCPUTime(s)", "HostName"],
  sort: { parameter: "JobID", direction: "desc" },
}

export function mountParameters(jobs: Command, shell: Shell): void {
  const parameters = jobs
    .command("parameters")
    .description("list what jobs tell of themselves; all of it, of the jobs that are named")
    .argument("[ids...]", IDS, collectJobIds)
    .action(async (ids: number[] = [], options: ListingOptions, command: Command) => {
      if (ids.length === 0) return await showListing(shell, PARAMETERS, options, [])
      refusePages(command)
      await showParameters(shell, ids, options)
    })
  withListing(parameters, PARAMETERS)
  withExamples(parameters, [
    "jobs parameters 42",
    "jobs parameters 1,2,5-9 --parameter HostName",
    `jobs parameters --condition "GridCE eq ce1.cern.ch" --condition "timestamp gt 2026-11-20"`,
    `jobs parameters --condition "Memory(MB) gt 4000" --sort "timestamp:desc" --all --json`,
  ])
}

/** Jobs that are named are all shown. */
function refusePages(command: Command): void {
  const given = ["page", "perPage"].find((name) => command.getOptionValueSource(name) === "cli")
  if (given === undefined) return
  throw new UsageError(`--${given === "page" ? "page" : "per-page"} is for a list of all jobs`)
}

async function showParameters(
  shell: Shell,
  ids: readonly number[],
  { parameter, condition = [], sort = [], json = false, ...option }: ListingOptions,
): Promise<void> {
  const { http } = await openSession(shell, option)
  const wanted = {
    parameters: parameter && ["JobID", ...parameter],
    search: [{ parameter: "JobID", operator: "in", values: ids }, ...condition],
    sort,
  }
  const { rows } = await search(http, "jobs/parameters", wanted, { page: 1, perPage: MOST_JOBS })
  const blocks = rows.map((row) => pairsText(shell, ["JobID", ...otherColumns(row)], row))
  shell.stdout.write(json ? jsonText(rows) : blocks.join("\n"))
  const found = new Set(rows.map((row) => row["JobID"]))
  const missing = ids.filter((id) => !found.has(id))
  if (missing.length === 0 || condition.length > 0) return
  throw new CommandError(
    `there are no parameters that you may see of ${missing.length === 1 ? "job" : "jobs"} ${jobIdsText(missing)}`,
  )
}

const otherColumns = (row: object): string[] =>
  Object.keys(row).filter((column) => column !== "JobID")
