import type { Command } from "commander"
import { UsageError } from "../errors.ts"
import { showListing, withListing, type Listing, type ListingOptions } from "../listing.ts"
import { withExamples } from "../options.ts"
import type { Shell } from "../shell.ts"
import { mountKill, mountReschedule } from "./job-changes.ts"
import { mountLogs } from "./job-logs.ts"

const JOBS: Listing = {
  what: "jobs",
  columns: [
    "JobID",
    "Status",
    "MinorStatus",
    "ApplicationStatus",
    "JobName",
    "JobGroup",
    "Site",
    "Owner",
    "SubmissionTime",
  ],
  leftOutFirst: ["JobGroup", "ApplicationStatus", "Owner", "Site", "JobName"],
  sort: { parameter: "JobID", direction: "desc" },
}

interface JobsOptions extends ListingOptions {
  readonly pilot?: string
}

export function mountJobs(program: Command, shell: Shell): void {
  const jobs = program
    .command("jobs")
    .description("list jobs, the newest first; options marked with * may be repeated")
    .option("--pilot <stamp>", "only jobs that ran, or run, on this pilot")
    .action((options: JobsOptions) => listJobs(shell, options))
  withListing(jobs, JOBS)
  withExamples(jobs, [
    "jobs",
    "jobs --status Running --status Matched",
    `jobs --condition "Owner eq alice" --condition "SubmissionTime gt 2026-11-01" --sort JobID`,
    `jobs --condition "Site in LCG.CERN.cern, LCG.IN2P3.fr" --parameter JobID --parameter Site`,
    "jobs --all --per-page 1000 --json",
    "jobs kill 1,2,5-9",
  ])
  jobs.commandsGroup("Commands on jobs:").helpCommand(false)
  mountKill(jobs, shell)
  mountReschedule(jobs, shell)
  mountLogs(jobs, shell)
  keepApart(jobs)
}

/** Options of the list choose no jobs for a command on jobs: nobody shall believe that they do. */
function keepApart(jobs: Command): void {
  jobs.enablePositionalOptions()
  jobs.hook("preSubcommand", (_, command) => {
    const given = jobs.options.find(
      (option) => jobs.getOptionValueSource(option.attributeName()) === "cli",
    )
    if (given === undefined) return
    const { long } = given
    throw new UsageError(
      `${long} before ${command.name()} is an option of the list: options of ${command.name()} stand after it`,
    )
  })
}

async function listJobs(shell: Shell, { pilot, ...options }: JobsOptions): Promise<void> {
  const ofPilot =
    pilot === undefined ? [] : [{ parameter: "PilotStamp", operator: "eq", value: pilot }]
  await showListing(shell, JOBS, options, ofPilot)
}
