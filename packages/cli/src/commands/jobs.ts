import type { Command } from "commander"
import { withCommands } from "../list-commands.ts"
import {
  showListing,
  withListing,
  withStatus,
  type Listing,
  type ListingOptions,
} from "../listing.ts"
import { withExamples } from "../options.ts"
import type { Shell } from "../shell.ts"
import { mountKill, mountReschedule } from "./job-changes.ts"
import { mountLogs } from "./job-logs.ts"
import { mountParameters } from "./job-parameters.ts"

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
  withListing(withStatus(jobs, JOBS), JOBS)
  withExamples(jobs, [
    "jobs",
    "jobs --status Running --status Matched",
    `jobs --condition "Owner eq alice" --condition "SubmissionTime gt 2026-11-01" --sort JobID`,
    `jobs --condition "Site in LCG.CERN.cern, LCG.IN2P3.fr" --parameter JobID --parameter Site`,
    "jobs --all --per-page 1000 --json",
    "jobs kill 1,2,5-9",
  ])
  withCommands(jobs, shell, [mountKill, mountReschedule, mountLogs, mountParameters])
}

async function listJobs(shell: Shell, { pilot, ...options }: JobsOptions): Promise<void> {
  const ofPilot =
    pilot === undefined ? [] : [{ parameter: "PilotStamp", operator: "eq", value: pilot }]
  await showListing(shell, JOBS, options, ofPilot)
}
