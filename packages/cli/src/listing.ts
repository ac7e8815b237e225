import type { Command } from "commander"
import { jsonText, withJson, type JsonOption } from "@spinor/admin/json"
import { parseCondition, parseSort, type Condition, type Sort } from "./conditions.ts"
import { collect, positive, withUrl } from "./options.ts"
import { search, type Collection, type Found, type Page } from "./search.ts"
import { openSession, type UrlOption } from "./session.ts"
import type { Shell } from "./shell.ts"
import { rowsText, tableText } from "./show-rows.ts"

const OPERATORS = "eq, neq, gt, lt, like, not like, regex, in, not in"

/** What is listed, and how unless the user says otherwise. */
export interface Listing {
  readonly what: "jobs" | "pilots"
  /** Where they are found, unless under that name. */
  readonly from?: Collection
  readonly columns: readonly string[]
  /** What a narrow terminal leaves out, in this order; --parameter asks for it all the same. */
  readonly leftOutFirst: readonly string[]
  readonly sort: Sort
}

export interface ListingOptions extends UrlOption, JsonOption, Page {
  readonly status?: readonly string[]
  readonly condition?: readonly Condition[]
  readonly parameter?: readonly string[]
  readonly sort?: readonly Sort[]
  readonly all?: boolean
}

const text = (value: string) => value

export const withStatus = (command: Command, { what }: Listing): Command =>
  command.option("--status <status>", `* only ${what} in this status`, collect(text, ""))

/** The options that choose rows, columns, order and page. */
export function withListing(command: Command, { what, sort }: Listing): Command {
  command
    .option(
      "--condition <condition>",
      `* only ${what} of which it holds: "Column op value", where op is one of ${OPERATORS}`,
      collect(parseCondition, `It should be "Column op value", where op is one of ${OPERATORS}.`),
    )
    .option("--parameter <column>", "* show this column", collect(text, ""))
    .option("--all", "show all columns")
    .option(
      "--sort <column[:direction]>",
      `* sort by a column, asc or desc (default: ${sort.parameter}:${sort.direction})`,
      collect(parseSort, "It should be Column, Column:asc or Column:desc."),
    )
    .option("--page <number>", "which page, counted from 1", positive, 1)
    .option("--per-page <number>", `how many ${what} a page, at most 10000`, positive, 20)
  return withUrl(withJson(command, "print the rows as JSON"))
}

/** Prints the rows of which the user's conditions and these hold. */
export async function showListing(
  shell: Shell,
  listing: Listing,
  options: ListingOptions,
  conditions: readonly Condition[],
): Promise<void> {
  const { all = false, parameter = listing.columns, sort = [listing.sort], page, perPage } = options
  const { http } = await openSession(shell, options)
  const wanted = {
    parameters: all ? undefined : parameter,
    search: [...conditions, ...statusCondition(options.status), ...(options.condition ?? [])],
    sort,
  }
  const found = await search(http, listing.from ?? listing.what, wanted, { page, perPage })
  if (options.json === true) {
    shell.stdout.write(jsonText(found.rows))
    return
  }
  if (found.rows.length > 0) {
    const chosen = all ? [...new Set(found.rows.flatMap(Object.keys))] : options.parameter
    const text = chosen ? rowsText(shell, chosen, found.rows) : usualText(shell, listing, found)
    shell.stdout.write(text)
  }
  shell.stdout.write(`${shell.paint("dim", caption(listing, found, options))}\n`)
}

function usualText(shell: Shell, { columns, leftOutFirst }: Listing, { rows }: Found): string {
  for (let left = 0; left <= leftOutFirst.length; left++) {
    const out = new Set(leftOutFirst.slice(0, left))
    const kept = columns.filter((column) => !out.has(column))
    const text = tableText(shell, kept, rows)
    if (text !== undefined) return text
  }
  return rowsText(shell, columns, rows)
}

function statusCondition(statuses: readonly string[] = []): Condition[] {
  const [only, ...others] = statuses
  if (only === undefined) return []
  if (others.length === 0) return [{ parameter: "Status", operator: "eq", value: only }]
  return [{ parameter: "Status", operator: "in", values: statuses }]
}

function caption({ what }: Listing, { rows, first, total }: Found, { page }: Page): string {
  if (total === 0) return `No ${what}`
  if (rows.length === 0) return `No page ${page}: there are ${total} ${what}`
  if (rows.length === total) return total === 1 ? `1 ${what.slice(0, -1)}` : `${total} ${what}`
  const last = first + rows.length
  const next = last < total ? `; the next: --page ${page + 1}` : ""
  const title = what === "jobs" ? "Jobs" : "Pilots"
  return `${title} ${first + 1} to ${last} of ${total}${next}`
}
