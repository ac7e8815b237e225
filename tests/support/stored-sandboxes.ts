import { createHash, randomBytes } from "node:crypto"
import type { Instant } from "@spinor/core/instant"
import { withoutSe } from "@spinor/core/sandboxes/pfn"
import { SandboxMetadataDB } from "@spinor/db/sql/sandbox-metadata/sandbox-metadata-db"
import type { SqlDatabases } from "@spinor/db/sql/unit-of-work"
import type { Caller, Service } from "./service.ts"

/** What a client announces of a sandbox of its own content. */
export const announced = (content: Uint8Array = randomBytes(20)) => ({
  checksum_algorithm: "sha256",
  checksum: createHash("sha256").update(content).digest("hex"),
  size: content.length,
  format: "tar.zst",
})

/** Registers a sandbox without sending it, and gives its PFN. */
export async function registered(service: Service, as?: Caller): Promise<string> {
  const body = announced()
  const answer = await service.call("POST", "/api/jobs/sandbox", { as: as ?? {}, body })
  return answer.body.pfn as string
}

class SandboxesOfTests extends SandboxMetadataDB {
  async row(pfn: string) {
    const { sandboxes } = this.tables
    const [row] = await this.db
      .select()
      .from(sandboxes)
      .where(this.dialect.exactly(sandboxes.pfn, pfn))
    return row
  }

  async age(pfn: string, lastAccessTime: Instant): Promise<void> {
    const { sandboxes } = this.tables
    await this.db
      .update(sandboxes)
      .set({ lastAccessTime })
      .where(this.dialect.exactly(sandboxes.pfn, pfn))
  }

  async giveAsInput(pfn: string, jobId: number): Promise<void> {
    const sandbox = await this.sandbox({ seName: "SandboxSE", pfn })
    if (sandbox !== undefined) await this.assign(sandbox.sandboxId, jobId, "Input")
  }

  async owners() {
    return await this.db.select().from(this.tables.owners)
  }
}

/** Sandboxes past the service, by their PFNs with or without the SE. */
export const storedSandboxes = (sql: SqlDatabases) => ({
  row: (pfn: string) => sql.read({ db: SandboxesOfTests }, ({ db }) => db.row(withoutSe(pfn))),
  owners: () => sql.read({ db: SandboxesOfTests }, ({ db }) => db.owners()),
  age: (pfn: string, at: Instant) =>
    sql.write({ db: SandboxesOfTests }, ({ db }) => db.age(withoutSe(pfn), at)),
  giveAsInput: (pfn: string, jobId: number) =>
    sql.write({ db: SandboxesOfTests }, ({ db }) => db.giveAsInput(withoutSe(pfn), jobId)),
})
