import * as z from "zod"
import type { Condition, Sort } from "./conditions.ts"
import { readAnswer, type Http } from "./http.ts"

const Row = z.record(z.string(), z.unknown())
export type Row = z.output<typeof Row>

export interface Search {
  /** The columns to give; all of them if undefined. */
  readonly parameters?: readonly string[] | undefined
  readonly search: readonly Condition[]
  readonly sort?: readonly Sort[]
}

/** Counted from 1. */
export interface Page {
  readonly page: number
  readonly perPage: number
}

export interface Found {
  readonly rows: readonly Row[]
  readonly total: number
  /** The place of the first row in the whole, counted from 0. */
  readonly first: number
}

/** What is searched, as its path spells it. */
export type Collection = "jobs" | "pilots" | "jobs/parameters"

/** The rows that fit; none when the page lies past the end. */
export async function search(
  http: Http,
  what: Collection,
  { parameters, ...conditions }: Search,
  { page, perPage }: Page,
): Promise<Found> {
  const answer = await http({
    method: "POST",
    path: `/api/${what}/search`,
    query: { page: String(page), per_page: String(perPage) },
    json: { ...conditions, ...(parameters !== undefined && { parameters }) },
    reads: true,
    expects: [416],
  })
  const rows = readAnswer(z.array(Row), answer)
  const range = /^\w+ (?:(\d+)-\d+|\*)\/(\d+)$/.exec(answer.headers.get("content-range") ?? "")
  return {
    rows,
    first: Number(range?.[1] ?? 0),
    // All of them are on the page when there is no range.
    total: Number(range?.[2] ?? rows.length),
  }
}

/** The first row of which it holds; undefined if there is none. */
export async function searchOne(
  http: Http,
  what: Collection,
  parameter: string,
  value: string,
  parameters?: readonly string[],
): Promise<Row | undefined> {
  const conditions = [{ parameter, operator: "eq", value }]
  const page = { page: 1, perPage: 1 }
  return (await search(http, what, { parameters, search: conditions }, page)).rows[0]
}
