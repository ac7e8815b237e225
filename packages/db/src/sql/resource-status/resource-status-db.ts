import { and, count, eq, inArray, max, or, type SQL } from "drizzle-orm"
import type { Instant } from "@spinor/core/instant"
import { SqlDatabase } from "../database.ts"
import { resourceStatusTables, type ResourceStatusTables } from "./schema.ts"

/** Kinds of resources, as the column ElementType spells them. */
export type ResourceType = "ComputeElement" | "StorageElement" | "FTS"

/** Which rows are meant: the sites, or resources of a type by some kinds of status. */
export type Elements =
  | { readonly sites: true }
  | { readonly type: ResourceType; readonly statusTypes: readonly string[] }

export interface ElementStatus {
  readonly name: string
  readonly statusType: string
  /** Whether it holds for every VO, and not for one alone. */
  readonly everyVo: boolean
  readonly status: string
  readonly reason: string
}

/** When something last changed, and of how many rows. */
export interface StatusRevision {
  readonly modified: Instant | null
  readonly rows: number
}

/** SiteStatus and ResourceStatus have the same columns. */
type PresentStatus = ResourceStatusTables["resourceStatus"]

/** VOs that stand for all of them. */
const EVERY_VO = ["all", ""]

/** What may be used of sites and resources, as the Resource Status System found. */
export class ResourceStatusDB extends SqlDatabase<ResourceStatusTables> {
  static readonly databaseName = "ResourceStatusDB"
  static readonly declareTables = resourceStatusTables

  /** Over the rows of all VOs. */
  async revision(elements: Elements): Promise<StatusRevision> {
    const { table, where } = this.#rows(elements)
    const [found] = await this.db
      .select({ modified: max(table.dateEffective), rows: count() })
      .from(table)
      .where(where)
    return { modified: found?.modified ?? null, rows: found?.rows ?? 0 }
  }

  /** What holds for a VO, or for all of them. */
  async statusesFor(vo: string, elements: Elements): Promise<ElementStatus[]> {
    const { table, where } = this.#rows(elements)
    const rows = await this.db
      .select({
        name: table.name,
        statusType: table.statusType,
        vo: table.vo,
        status: table.status,
        reason: table.reason,
      })
      .from(table)
      .where(
        and(where, or(...[vo, ...EVERY_VO].map((each) => this.dialect.exactly(table.vo, each)))),
      )
      .orderBy(table.name, table.statusType)
    return rows.map(({ vo, ...row }) => ({ ...row, everyVo: EVERY_VO.includes(vo) }))
  }

  #rows(elements: Elements): {
    table: PresentStatus
    where: SQL | undefined
  } {
    if ("sites" in elements) return { table: this.tables.siteStatus, where: undefined }
    const { resourceStatus } = this.tables
    return {
      table: resourceStatus,
      where: and(
        eq(resourceStatus.elementType, elements.type),
        inArray(resourceStatus.statusType, [...elements.statusTypes]),
      ),
    }
  }
}
