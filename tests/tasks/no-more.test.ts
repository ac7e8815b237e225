import { expect, it } from "vitest"
import { plusSeconds } from "@spinor/core/instant"
import { SandboxMetadataDB } from "@spinor/db/sql/sandbox-metadata/sandbox-metadata-db"
import { cleanSandboxes } from "@spinor/logic/sandboxes/clean"
import { useDatabase } from "../support/database.ts"
import { serviceOn } from "../support/service.ts"

const DAY = 86_400
const SANDBOXES = 501

const database = useDatabase("sqlite")

it("a task that has no more time ends after a part, and the next run goes on", async () => {
  const { deps } = serviceOn(database.sql)
  const now = deps.clock()
  await database.sql.write({ sandboxes: SandboxMetadataDB }, async ({ sandboxes }) => {
    const ownerId = await sandboxes.insertOwner({ owner: "o", ownerGroup: "g", vo: "v" })
    for (let i = 0; i < SANDBOXES; i++) {
      const place = { seName: deps.sandboxStore.seName, pfn: `/S3/sandboxes/v/g/o/sha256:${i}.tar` }
      await sandboxes.insertSandbox({ ...place, bytes: 1, ownerId }, now)
    }
  })
  const later = { ...deps, clock: () => plusSeconds(now, 16 * DAY) }
  expect(await cleanSandboxes({ ...later, noMore: AbortSignal.abort() })).toEqual({
    removed: SANDBOXES - 1,
    left: 0,
  })
  expect(await cleanSandboxes(later)).toEqual({ removed: 1, left: 0 })
})
