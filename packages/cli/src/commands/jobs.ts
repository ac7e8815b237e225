import type { Command } from "commander"
import { parseCondition, parseSort, type Condition, type Sort } from "../conditions.ts"
import { searchJobs, type Found, type Page } from "../job-service.ts"
import { collect, jsonText, positive, withExamples, withUrl } from "../options.ts"
import { openSession, type UrlOption } from "../session.ts"
import type { Shell } from "../shell.ts"
import { rowsText, tableText } from "../show-jobs.ts"

const COLUMNS = [
  "JobID",
  "Status",
  "MinorStatus",
  "ApplicationStatus",
  "JobName",
  "JobGroup",
  "Site",
  "Owner",
  "SubmissionTime",
]

/** What a narrow terminal leaves out, in this order; --parameter asks for it all the same. */
const LEFT_OUT_FIRST = ["JobGroup", "ApplicationStatus", "Owner", "Site", "JobName"]

const OPERATORS = "eq, neq, gt, lt, like, not like, regex, in, not in"

const NEWEST_FIRST: readonly Sort[] = [{ parameter: "JobID", direction: "desc" }]

interface JobsOptions extends UrlOption, Page {
  readonly status?: readonly string[]
  readonly condition?: readonly Condition[]
  readonly parameter?: readonly string[]
  readonly sort?: readonly Sort[]
  readonly all?: boolean
  readonly json?: boolean
}

export function mountJobs(program: Command, shell: Shell): void {
  const text = (value: string) => value
  const jobs = program
    .command("jobs")
    .description("list jobs, the newest first; options marked with * may be repeated")
    .option("--status <status>", "* only jobs in this status", collect(text, ""))
    .option(
      "--condition <condition>",
      `* only jobs of which it holds: "Column op value", where op is one of ${OPERATORS}`,
      collect(parseCondition, `It should be "Column op value", where op is one of ${OPERATORS}.`),
    )
    .option("--parameter <column>", "* show this column", collect(text, ""))
    .option("--all", "show all columns")
    .option(
      "--sort <column[:direction]>",
      "* sort by a column, asc or desc (default: JobID:desc)",
      collect(parseSort, "It should be Column, Column:asc or Column:desc."),
    )
    .option("--page <number>", "which page, counted from 1", positive, 1)
    .option("--per-page <number>", "how many jobs a page, at most 10000", positive, 20)
    .option("--json", "print the rows as JSON")
    .action((options: JobsOptions) => listJobs(shell, options))
  withUrl(jobs)
  withExamples(jobs, [
    "jobs",
    "jobs --status Running --status Matched",
    `jobs --condition "Owner eq alice" --condition "SubmissionTime gt 2026-11-01" --sort JobID`,
    `jobs --condition "Site in LCG.CERN.cern, LCG.IN2P3.fr" --parameter JobID --parameter Site`,
    "jobs --all --per-page 1000 --json",
  ])
}

async function listJobs(shell: Shell, options: JobsOptions): Promise<void> {
  const { all = false, parameter = COLUMNS, sort = NEWEST_FIRST, page, perPage } = options
  const { http } = await openSession(shell, options)
  const search = [...statusCondition(options.status), ...(options.condition ?? [])]
  const parameters = all ? undefined : parameter
  const found = await searchJobs(http, { parameters, search, sort }, { page, perPage })
  if (options.json === true) {
    shell.stdout.write(jsonText(found.rows))
    return
  }
  if (found.rows.length > 0) {
    const chosen = all ? Object.keys(found.rows[0] ?? {}) : options.parameter
    const text = chosen ? rowsText(shell, chosen, found.rows) : usualText(shell, found)
    shell.stdout.write(text)
  }
  shell.stdout.write(`${shell.paint("dim", caption(found, options))}\n`)
}

function usualText(shell: Shell, { rows }: Found): string {
  for (let left = 0; left <= LEFT_OUT_FIRST.length; left++) {
    const out = new Set(LEFT_OUT_FIRST.slice(0, left))
    const columns = COLUMNS.filter((column) => !out.has(column))
    const text = tableText(shell, columns, rows)
    if (text !== undefined) return text
  }
  return rowsText(shell, COLUMNS, rows)
}

function statusCondition(statuses: readonly string[] = []): Condition[] {
  const [only, ...others] = statuses
  if (only === undefined) return []
  if (others.length === 0) return [{ parameter: "Status", operator: "eq", value: only }]
  return [{ parameter: "Status", operator: "in", values: statuses }]
}

function caption({ rows, first, total }: Found, { page }: Page): string {
  if (total === 0) return "No jobs"
  if (rows.length === 0) return `No page ${page}: there are ${total} jobs`
  if (rows.length === total) return total === 1 ? "1 job" : `${total} jobs`
  const last = first + rows.length
  const next = last < total ? `; the next: --page ${page + 1}` : ""
  return `Jobs ${first + 1} to ${last} of ${total}${next}`
}
