import type { AccessTokenPayload } from "@spinor/core/security/tokens"
import type { Database, Row } from "./database.ts"

/** The first page, and how many there are; filtered by a group of jobs. */
export async function search(
  { read }: Database,
  { search: [{ value: group }] }: { search: [{ value: string }] },
  { vo }: AccessTokenPayload,
): Promise<{ rows: readonly object[]; total: number }> {
  const where = `JobGroup = ? AND ${OF_VO}`
  const [rows = [], counts] = await read([
    `SELECT ${COLUMNS} FROM Jobs WHERE ${where} ORDER BY JobID LIMIT 100;
    SELECT COUNT(*) AS total FROM Jobs WHERE ${where}`,
    [group, vo, vo, group, vo, vo],
  ])
  return { rows: rows.map(withFlags), total: Number(counts?.[0]?.["total"]) }
}

/** How many jobs have each status. */
export async function summary({ read }: Database, { vo }: AccessTokenPayload) {
  const [groups] = await read([
    `SELECT Status, COUNT(*) AS count FROM Jobs WHERE ${OF_VO} GROUP BY Status; DO 0`,
    [vo, vo],
  ])
  return groups ?? []
}

/** By an index, and then exactly. */
const OF_VO = "VO = ? AND BINARY VO = ?"

const withFlags = (row: Row): object => ({
  ...row,
  VerifiedFlag: row["VerifiedFlag"] === "True",
  AccountedFlag: row["AccountedFlag"] === "True",
})

const COLUMNS = `JobID, JobType, JobGroup, Site, JobName, Owner, OwnerGroup, VO, SubmissionTime, RescheduleTime,
  LastUpdateTime, StartExecTime, HeartBeatTime, EndExecTime, Status, MinorStatus, ApplicationStatus, UserPriority,
  RescheduleCounter, VerifiedFlag, AccountedFlag`
