import * as z from "zod"
import type { Condition, Sort } from "./conditions.ts"
import { readAnswer, type Http } from "./http.ts"

const Row = z.record(z.string(), z.unknown())
export type Row = z.output<typeof Row>

const Inserted = z.looseObject({ JobID: z.int(), Status: z.string(), MinorStatus: z.string() })
export type Inserted = z.output<typeof Inserted>

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

/** The jobs that fit; none when the page lies past the end. */
export async function searchJobs(
  http: Http,
  { parameters, ...search }: Search,
  { page, perPage }: Page,
): Promise<Found> {
  const answer = await http({
    method: "POST",
    path: "/api/jobs/search",
    query: { page: String(page), per_page: String(perPage) },
    json: { ...search, ...(parameters !== undefined && { parameters }) },
    reads: true,
    expects: [416],
  })
  const rows = readAnswer(z.array(Row), answer)
  const range = /^\w+ (?:(\d+)-\d+|\*)\/(\d+)$/.exec(answer.headers.get("content-range") ?? "")
  return {
    rows,
    first: Number(range?.[1] ?? 0),
    // All jobs are on the page when there is no range.
    total: Number(range?.[2] ?? rows.length),
  }
}

/** One job for each JDL, or several for one that is parametric. */
export async function submitJobs(http: Http, jdls: readonly string[]): Promise<Inserted[]> {
  const answer = await http({ method: "POST", path: "/api/jobs/jdl", json: jdls })
  return readAnswer(z.array(Inserted), answer)
}
