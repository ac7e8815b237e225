import { eq, inArray } from "drizzle-orm"
import { SqlDatabase } from "../database.ts"
import { pilotTables, type PilotTables } from "./schema.ts"

/** Pilots: the agents that ask for jobs from the worker nodes. */
export class PilotAgentsDB extends SqlDatabase<PilotTables> {
  static readonly databaseName = "PilotAgentsDB"
  static readonly declareTables = pilotTables

  /** The jobs that ran, or run, on the pilots with these stamps. */
  async jobsOfStamps(stamps: readonly string[]): Promise<number[]> {
    const { pilots, jobToPilotMapping } = this.tables
    if (stamps.length === 0) return []
    const rows = await this.db
      .selectDistinct({ jobId: jobToPilotMapping.jobId })
      .from(jobToPilotMapping)
      .innerJoin(pilots, eq(pilots.pilotId, jobToPilotMapping.pilotId))
      .where(inArray(pilots.stamp, [...stamps]))
    return rows.map((row) => row.jobId)
  }
}
