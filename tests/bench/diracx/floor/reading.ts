import type { AccessTokenPayload } from "@spinor/core/security/tokens"
import type { Database, Row } from "./database.ts"

interface Question {
  readonly search: readonly [{ readonly value: string }, Least?]
  readonly sort?: readonly [{ readonly direction: "asc" | "desc" }]
}

/** A page by id, and how many jobs there are; filtered by a group of jobs, and maybe by the least id. */
export async function search(
  { read }: Database,
  { search: [{ value: group }, least], sort }: Question,
  page: number,
  { vo }: AccessTokenPayload,
): Promise<{ rows: readonly object[]; total: number }> {
  const where = `JobGroup = ? AND ${OF_VO}${above(least)}`
  const order = sort?.[0].direction === "desc" ? "JobID DESC" : "JobID"
  const [rows = [], counts] = await read([
    `SELECT ${COLUMNS} FROM Jobs WHERE ${where} ORDER BY ${order} LIMIT 100 OFFSET ?;
    SELECT COUNT(*) AS total FROM Jobs WHERE ${where}`,
    [group, vo, vo, (page - 1) * 100, group, vo, vo],
  ])
  return { rows: rows.map(withFlags), total: Number(counts?.[0]?.["total"]) }
}

/** How many jobs have each status, maybe from the least id. */
export async function summary(
  { read }: Database,
  { search }: { search?: [Least] },
  { vo }: AccessTokenPayload,
) {
  const [groups] = await read([
    `SELECT Status, COUNT(*) AS count FROM Jobs WHERE ${OF_VO}${above(search?.[0])} GROUP BY Status; DO 0`,
    [vo, vo],
  ])
  return groups ?? []
}

/** By an index, and then exactly. */
const OF_VO = "VO = ? AND BINARY VO = ?"

interface Least {
  readonly value: number
}

const above = (least: Least | undefined): string =>
  least === undefined ? "" : ` AND JobID > ${least.value}`

const withFlags = (row: Row): object => ({
  ...row,
  VerifiedFlag: row["VerifiedFlag"] === "True",
  AccountedFlag: row["AccountedFlag"] === "True",
})

const COLUMNS = `JobID, JobType, JobGroup, Site, JobName, Owner, OwnerGroup, VO, SubmissionTime, RescheduleTime,
  LastUpdateTime, StartExecTime, HeartBeatTime, EndExecTime, Status, MinorStatus, ApplicationStatus, UserPriority,
  RescheduleCounter, VerifiedFlag, AccountedFlag`
