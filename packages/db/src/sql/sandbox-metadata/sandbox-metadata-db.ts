import { and, eq, gt, like, lt, notExists, or, sql } from "drizzle-orm"
import type { Instant } from "@spinor/core/instant"
import { SqlDatabase } from "../database.ts"
import { sandboxTables, type SandboxTables } from "./schema.ts"

type OwnerRow = SandboxTables["owners"]["$inferSelect"]
type SandboxRow = SandboxTables["sandboxes"]["$inferSelect"]

/** Who owns sandboxes: a user in one of his groups. */
export type SandboxOwner = Pick<OwnerRow, "owner" | "ownerGroup" | "vo">

/** Where a sandbox is: its SE, and its PFN without it. */
export type SandboxPlace = Pick<SandboxRow, "seName" | "pfn">

export type KnownSandbox = Pick<SandboxRow, "sandboxId" | "ownerId" | "assigned">

export type NamedSandbox = KnownSandbox & Pick<SandboxRow, "pfn">

/** What a sandbox is to a job. */
export type SandboxType = "Input" | "Output"

/** Sandboxes: who owns them, and which jobs have them. Their bytes are in a store. */
export class SandboxMetadataDB extends SqlDatabase<SandboxTables> {
  static readonly databaseName = "SandboxMetadataDB"
  static readonly declareTables = sandboxTables

  async sandbox(place: SandboxPlace): Promise<KnownSandbox | undefined> {
    const [sandbox] = await this.rows("sandbox", place, () => this.#selectSandbox())
    return sandbox
  }

  /** The sandboxes whose PFN is one of these; MySQL has only one whose PFN differs from them in case. */
  async sandboxesNamed(seName: string, pfns: readonly string[]): Promise<NamedSandbox[]> {
    const { sandboxes } = this.tables
    return await this.rows("sandboxes named", { seName, pfns }, () =>
      this.db
        .select({
          sandboxId: sandboxes.sandboxId,
          ownerId: sandboxes.ownerId,
          assigned: sandboxes.assigned,
          pfn: sandboxes.pfn,
        })
        .from(sandboxes)
        .where(
          and(
            eq(sandboxes.seName, sql.placeholder("seName")),
            this.dialect.isInList(sandboxes.pfn, sql.placeholder("pfns")),
          ),
        ),
    )
  }

  /** Nobody else assigns or unassigns it until the transaction ends. */
  async lockSandbox(place: SandboxPlace): Promise<KnownSandbox | undefined> {
    const [sandbox] = await this.rows("lock sandbox", place, () =>
      this.dialect.lockRows(this.#selectSandbox()),
    )
    return sandbox
  }

  /**
   * One id, but for tables that DIRAC made: they may note an owner more than once. On MySQL a user
   * whose name differs in case has the same: its index tells them not apart.
   */
  async ownerIds({ owner, ownerGroup, vo }: SandboxOwner): Promise<number[]> {
    const { owners } = this.tables
    const found = await this.rows("owner", { owner, ownerGroup, vo }, () =>
      this.db
        .select({ ownerId: owners.ownerId })
        .from(owners)
        .where(
          and(
            eq(owners.owner, sql.placeholder("owner")),
            eq(owners.ownerGroup, sql.placeholder("ownerGroup")),
            eq(owners.vo, sql.placeholder("vo")),
          ),
        ),
    )
    return found.map(({ ownerId }) => ownerId)
  }

  /** Gives the id of the new owner. */
  async insertOwner(owner: SandboxOwner): Promise<number> {
    const { owners } = this.tables
    const [ownerId] = await this.insertForIds(owners, owners.ownerId, [owner])
    if (ownerId === undefined) throw new Error("An inserted row has an id")
    return ownerId
  }

  async insertSandbox(
    sandbox: SandboxPlace & Pick<SandboxRow, "ownerId" | "bytes">,
    now: Instant,
  ): Promise<void> {
    const times = { registrationTime: now, lastAccessTime: now }
    await this.insertRows(this.tables.sandboxes, [{ ...sandbox, ...times, assigned: false }])
  }

  /** Notes that somebody wanted it: what nobody has wanted for long is deleted. False if it was. */
  async touch(sandboxId: number, now: Instant): Promise<boolean> {
    const { sandboxes } = this.tables
    const update = this.db
      .update(sandboxes)
      .set({ lastAccessTime: now })
      .where(eq(sandboxes.sandboxId, sandboxId))
    return this.dialect.affectedRows(await update) > 0
  }

  /**
   * Some sandboxes of a bucket that no job has, in the order of their ids, from one id on: of those that
   * were never assigned only what nobody has wanted since a time. Nobody else assigns or touches them
   * until the transaction ends.
   */
  async lockUnused(
    { seName, bucket }: { seName: string; bucket: string },
    { after, unwantedSince, limit }: { after: number; unwantedSince: Instant; limit: number },
  ): Promise<Pick<SandboxRow, "sandboxId" | "pfn">[]> {
    const { sandboxes, entityMapping } = this.tables
    const ofJobs = this.db
      .select({ one: sql`1` })
      .from(entityMapping)
      .where(eq(entityMapping.sandboxId, sandboxes.sandboxId))
    const select = this.db
      .select({ sandboxId: sandboxes.sandboxId, pfn: sandboxes.pfn })
      .from(sandboxes)
      .where(
        and(
          eq(sandboxes.seName, seName),
          like(sandboxes.pfn, `/S3/${bucket}/%`),
          gt(sandboxes.sandboxId, after),
          or(eq(sandboxes.assigned, true), lt(sandboxes.lastAccessTime, unwantedSince)),
          notExists(ofJobs),
        ),
      )
      .orderBy(sandboxes.sandboxId)
      .limit(limit)
    return await this.dialect.lockRows(select)
  }

  async deleteSandboxes(sandboxIds: readonly number[]): Promise<void> {
    const { sandboxes } = this.tables
    await this.db.delete(sandboxes).where(this.dialect.isOneOf(sandboxes.sandboxId, sandboxIds))
  }

  async sandboxesOfJob(jobId: number): Promise<{ type: string; pfn: string }[]> {
    const { sandboxes, entityMapping } = this.tables
    return await this.db
      .select({ type: entityMapping.type, pfn: sandboxes.pfn })
      .from(entityMapping)
      .innerJoin(sandboxes, eq(sandboxes.sandboxId, entityMapping.sandboxId))
      .where(eq(entityMapping.entityId, entityIdOf(jobId)))
      .orderBy(sandboxes.sandboxId)
  }

  /** Gives a sandbox, whose row is locked, to a job; false if the job has it. */
  async assign(sandboxId: number, jobId: number, type: SandboxType): Promise<boolean> {
    const { sandboxes, entityMapping } = this.tables
    const mapping = { sandboxId, entityId: entityIdOf(jobId), type }
    const existing = await this.db
      .select({ sandboxId: entityMapping.sandboxId })
      .from(entityMapping)
      .where(
        and(
          eq(entityMapping.sandboxId, sandboxId),
          eq(entityMapping.entityId, mapping.entityId),
          eq(entityMapping.type, type),
        ),
      )
    if (existing.length > 0) return false
    await this.db.insert(entityMapping).values(mapping)
    await this.db
      .update(sandboxes)
      .set({ assigned: true })
      .where(eq(sandboxes.sandboxId, sandboxId))
    return true
  }

  /** Takes all sandboxes from the jobs, and frees those that no other job has. */
  async unassign(jobIds: readonly number[]): Promise<void> {
    const { sandboxes, entityMapping } = this.tables
    const ofTheJobs = this.dialect.isOneOf(entityMapping.entityId, jobIds.map(entityIdOf))
    const mapped = await this.db
      .selectDistinct({ sandboxId: entityMapping.sandboxId })
      .from(entityMapping)
      .where(ofTheJobs)
    if (mapped.length === 0) return
    const ids = mapped.map(({ sandboxId }) => sandboxId)
    const theirs = this.dialect.isOneOf(sandboxes.sandboxId, ids)
    const select = this.db
      .select({ sandboxId: sandboxes.sandboxId })
      .from(sandboxes)
      .where(theirs)
      .orderBy(sandboxes.sandboxId)
    await this.dialect.lockRows(select)
    // Not those that were assigned meanwhile: their rows are not locked.
    const locked = this.dialect.isOneOf(entityMapping.sandboxId, ids)
    await this.db.delete(entityMapping).where(and(ofTheJobs, locked))
    const left = this.db
      .select({ one: sql`1` })
      .from(entityMapping)
      .where(eq(entityMapping.sandboxId, sandboxes.sandboxId))
    await this.db
      .update(sandboxes)
      .set({ assigned: false })
      .where(and(theirs, notExists(left)))
  }

  #selectSandbox() {
    const { sandboxes } = this.tables
    const isPlace = and(
      eq(sandboxes.seName, sql.placeholder("seName")),
      this.dialect.exactly(sandboxes.pfn, sql.placeholder("pfn")),
    )
    return this.db
      .select({
        sandboxId: sandboxes.sandboxId,
        ownerId: sandboxes.ownerId,
        assigned: sandboxes.assigned,
      })
      .from(sandboxes)
      .where(isPlace)
  }
}

/** What the column EntityId holds of a job. */
const entityIdOf = (jobId: number): string => `Job:${jobId}`
