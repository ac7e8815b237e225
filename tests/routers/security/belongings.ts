import { randomUUID } from "node:crypto"
import { instant } from "@spinor/core/instant"
import { AuthDB } from "@spinor/db/sql/auth/auth-db"
import { admin, alice, type Service } from "../../support/service.ts"
import { storePilot } from "../../support/stored-jobs.ts"
import { announced, storedSandboxes } from "../../support/stored-sandboxes.ts"
import { storeStatuses } from "../../support/stored-statuses.ts"

/** What alice and her VO, testvo, have in the service, and nobody else. */
export interface Belongings {
  /** Stands in the rows of all of it: whoever is shown some of it sees the mark. */
  readonly mark: string
  readonly jobId: number
  /** Of a refresh token. */
  readonly jti: string
  /** Of a sandbox, an input of the job. */
  readonly pfn: string
}

/** Stores a job with a sandbox, a pilot with the mark as its stamp, what both tell, a refresh token and elements of the VO. */
export async function storeBelongings({ call, deps: { sql } }: Service): Promise<Belongings> {
  const jti = randomUUID()
  const mark = jti.replaceAll("-", "")
  const jdl = `Executable = "true"; JobName = "${mark}";`
  const { body } = await call("POST", "/api/jobs/jdl", { as: alice, body: [jdl] })
  const jobId: number = body[0].JobID
  const sandbox = { ...announced(), checksum: mark + mark }
  const upload = await call("POST", "/api/jobs/sandbox", { as: alice, body: sandbox })
  const pfn: string = upload.body.pfn
  await storedSandboxes(sql).giveAsInput(pfn, jobId)
  await storePilot(sql, mark, [jobId], instant("2026-11-01T12:00:00Z"))
  const parameters = { [mark]: { HostName: mark } }
  await call("PATCH", "/api/jobs/metadata", { as: admin, body: { [jobId]: { HostName: mark } } })
  await call("PATCH", "/api/pilots/parameters", { as: admin, body: parameters })
  const line = { sequence: 0, time: "2026-11-01T12:00:00Z", text: mark }
  await call("POST", "/api/pilots/logs", { as: admin, body: { [mark]: [line] } })
  await sql.write({ auth: AuthDB }, ({ auth }) =>
    auth.insertRefreshToken({ jti, sub: "testvo:sub-alice", scope: `vo:testvo property:${mark}` }),
  )
  const status = { name: mark, vo: "testvo", status: "Active" }
  const access = ["ReadAccess", "WriteAccess", "CheckAccess", "RemoveAccess"]
  await storeStatuses(sql, [
    { ...status, table: "siteStatus", elementType: "Site" },
    { ...status, name: `${mark}-ce`, elementType: "ComputeElement" },
    { ...status, name: `${mark}-fts`, elementType: "FTS" },
    ...access.map((statusType) => ({ ...status, elementType: "StorageElement", statusType })),
  ])
  return { mark, jobId, jti, pfn }
}
