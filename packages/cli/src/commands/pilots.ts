import type { Command } from "commander"
import { withCommands } from "../list-commands.ts"
import {
  showListing,
  withListing,
  withStatus,
  type Listing,
  type ListingOptions,
} from "../listing.ts"
import { positive, withExamples } from "../options.ts"
import type { Shell } from "../shell.ts"
import { mountLogs } from "./pilot-logs.ts"

const PILOTS: Listing = {
  what: "pilots",
  columns: [
    "PilotStamp",
    "Status",
    "GridSite",
    "DestinationSite",
    "Queue",
    "CurrentJobID",
    "StatusReason",
    "VO",
    "SubmissionTime",
    "LastUpdateTime",
  ],
  leftOutFirst: [
    "VO",
    "StatusReason",
    "SubmissionTime",
    "Queue",
    "CurrentJobID",
    "DestinationSite",
  ],
  sort: { parameter: "PilotID", direction: "desc" },
}

interface PilotsOptions extends ListingOptions {
  readonly job?: number
}

export function mountPilots(program: Command, shell: Shell): void {
  const pilots = program
    .command("pilots")
    .description("list pilots, the newest first; options marked with * may be repeated")
    .option("--job <id>", "only pilots on which this job ran, or runs", positive)
    .action((options: PilotsOptions) => listPilots(shell, options))
  withListing(withStatus(pilots, PILOTS), PILOTS)
  withExamples(pilots, [
    "pilots",
    "pilots --status Running --status Waiting",
    "pilots --job 42",
    `pilots --condition "GridSite eq LCG.CERN.cern" --condition "LastUpdateTime lt 2026-11-21"`,
    "pilots --status Aborted --parameter PilotStamp --parameter StatusReason --sort LastUpdateTime:desc",
    "pilots --all --per-page 1000 --json",
    "pilots logs 0a1b2c3d4e5f",
  ])
  withCommands(pilots, shell, [mountLogs])
}

async function listPilots(shell: Shell, { job, ...options }: PilotsOptions): Promise<void> {
  const ofJob =
    job === undefined ? [] : [{ parameter: "JobID", operator: "eq", value: String(job) }]
  await showListing(shell, PILOTS, options, ofJob)
}
