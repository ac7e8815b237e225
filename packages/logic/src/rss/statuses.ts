import { instantOfEpoch, type Instant } from "@spinor/core/instant"
import type { OverallStatus, StorageElementStatus } from "@spinor/core/models/rss"
import {
  ResourceStatusDB,
  type Elements,
  type ElementStatus,
} from "@spinor/db/sql/resource-status/resource-status-db"
import type { SqlDatabases } from "@spinor/db/sql/unit-of-work"
import { usability } from "./status.ts"

/** One of the four lists: whose statuses it gives, and what it says of an element. */
export interface StatusList<Status> {
  readonly elements: Elements
  /** What the rows of one element say; undefined where they say too little. */
  readonly describe: (rows: ReadonlyMap<string, ElementStatus>) => Status | undefined
}

const overall = (rows: ReadonlyMap<string, ElementStatus>): OverallStatus | undefined => {
  const [row] = rows.values()
  return row && { all: usability(row) }
}

export const siteStatuses: StatusList<OverallStatus> = {
  elements: { sites: true },
  describe: overall,
}

export const computeElementStatuses: StatusList<OverallStatus> = {
  elements: { type: "ComputeElement", statusTypes: ["all"] },
  describe: overall,
}

export const ftsStatuses: StatusList<OverallStatus> = {
  elements: { type: "FTS", statusTypes: ["all"] },
  describe: overall,
}

/** An SE that lacks one of the four is left out: to guess could grant what is not wanted. */
export const storageElementStatuses: StatusList<StorageElementStatus> = {
  elements: {
    type: "StorageElement",
    statusTypes: ["ReadAccess", "WriteAccess", "CheckAccess", "RemoveAccess"],
  },
  describe(rows) {
    const [read, write, check, remove] = [
      rows.get("ReadAccess"),
      rows.get("WriteAccess"),
      rows.get("CheckAccess"),
      rows.get("RemoveAccess"),
    ]
    if (!read || !write || !check || !remove) return undefined
    return {
      read: usability(read),
      write: usability(write),
      check: usability(check),
      remove: usability(remove),
    }
  },
}

/** The view that a VO has of a list, as it is cached. */
export interface ViewRevision {
  readonly etag: string
  readonly modified: Instant
}

/** Changes with every status whose change sets DateEffective, as it should, and with every new row. */
export async function viewRevision(
  { sql }: { readonly sql: SqlDatabases },
  vo: string,
  { elements }: StatusList<unknown>,
): Promise<ViewRevision> {
  const { modified, rows } = await sql.read({ resources: ResourceStatusDB }, ({ resources }) =>
    resources.revision(elements),
  )
  if (modified === null) return { etag: `empty-0-${vo}`, modified: instantOfEpoch(0) }
  return { etag: `${modified.replace(/(\.0+)?Z$/, "+00:00")}-${rows}-${vo}`, modified }
}

/** The statuses by the names of the elements; what a VO says of one wins over what holds for all. */
export async function statusesFor<Status>(
  { sql }: { readonly sql: SqlDatabases },
  vo: string,
  { elements, describe }: StatusList<Status>,
): Promise<Record<string, Status>> {
  const rows = await sql.read({ resources: ResourceStatusDB }, ({ resources }) =>
    resources.statusesFor(vo, elements),
  )
  const described = (those: readonly ElementStatus[]): [name: string, Status][] =>
    [...Map.groupBy(those, ({ name }) => name)].flatMap(([name, ofElement]) => {
      const status = describe(new Map(ofElement.map((row) => [row.statusType, row])))
      return status === undefined ? [] : [[name, status]]
    })
  return Object.fromEntries([
    ...described(rows.filter(({ everyVo }) => everyVo)),
    ...described(rows.filter(({ everyVo }) => !everyVo)),
  ])
}
