import type { Columns } from "../dialects/mysql-columns.ts"

/** SandboxMetadataDB's tables. */
export const sandboxTables = (columns: Columns) => {
  const { table, index, uniqueIndex, primaryKey, serial, int, bigint, boolean, string, datetime } =
    columns

  const owners = table(
    "sb_Owners",
    {
      ownerId: serial("OwnerID"),
      owner: string("Owner", 32).notNull(),
      ownerGroup: string("OwnerGroup", 32).notNull(),
      vo: string("VO", 64).notNull(),
    },
    (owners) => [
      uniqueIndex("sb_Owners", "unique_owner_group_vo").on(
        owners.owner,
        owners.ownerGroup,
        owners.vo,
      ),
    ],
  )

  const sandboxes = table(
    "sb_SandBoxes",
    {
      sandboxId: serial("SBId"),
      ownerId: int("OwnerId").notNull(),
      seName: string("SEName", 64).notNull(),
      /** The PFN without its SE. */
      pfn: string("SEPFN", 512).notNull(),
      bytes: bigint("Bytes").notNull(),
      registrationTime: datetime("RegistrationTime").notNull().default(columns.utcNow),
      lastAccessTime: datetime("LastAccessTime").notNull().default(columns.utcNow),
      /** Whether some job has it. */
      assigned: boolean("Assigned").notNull(),
    },
    (sandboxes) => [
      uniqueIndex("sb_SandBoxes", "Location").on(sandboxes.seName, sandboxes.pfn),
      index("sb_SandBoxes", "OwnerId").on(sandboxes.ownerId),
    ],
  )

  const entityMapping = table(
    "sb_EntityMapping",
    {
      sandboxId: int("SBId").notNull(),
      /** "Job:" and the id of the job. */
      entityId: string("EntityId", 128).notNull(),
      /** "Input" or "Output". */
      type: string("Type", 64).notNull(),
    },
    (mapping) => [
      primaryKey({
        name: "sb_EntityMapping_pk",
        columns: [mapping.sandboxId, mapping.entityId, mapping.type],
      }),
      uniqueIndex("sb_EntityMapping", "Mapping").on(
        mapping.sandboxId,
        mapping.entityId,
        mapping.type,
      ),
      index("sb_EntityMapping", "SBId").on(mapping.entityId),
    ],
  )

  return { owners, sandboxes, entityMapping }
}

export type SandboxTables = ReturnType<typeof sandboxTables>
