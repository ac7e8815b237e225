import { compressJdl } from "@spinor/core/jdl/compression"
import type { AccessTokenPayload } from "@spinor/core/security/tokens"
import type { Database } from "./database.ts"

/** Changes the status of one job, once. */
export async function status({ write }: Database, body: Record<string, Record<string, Change>>) {
  const [[id, changes] = ["", {}]] = Object.entries(body)
  const [[at, change] = ["", NO_CHANGE]] = Object.entries(changes)
  const { Status, MinorStatus, ApplicationStatus, Source } = change
  const now = new Date().toISOString()
  await write(
    [
      `SELECT JobID, Owner, VO, Status, StartExecTime, EndExecTime FROM Jobs WHERE JobID IN (?) ORDER BY JobID FOR UPDATE;
      SELECT JobID, MAX(StatusTimeOrder) AS Latest, MAX(SeqNum) AS Last FROM LoggingInfo WHERE JobID IN (?) GROUP BY JobID`,
      [id, id],
    ],
    ([, logged]) => {
      const number = Number(logged?.[0]?.["Last"]) + 1
      const texts = [Status, MinorStatus, ApplicationStatus]
      const record = [id, number, ...texts, stored(at), orderOf(at), Source]
      return [
        `UPDATE Jobs SET Status = ?, MinorStatus = ?, ApplicationStatus = ?, LastUpdateTime = ?, HeartBeatTime = ?
        WHERE JobID IN (?);
        INSERT INTO LoggingInfo VALUES (?)`,
        [...texts, stored(now), stored(at), id, record],
      ]
    },
  )
  const done = { Status, MinorStatus, ApplicationStatus, HeartBeatTime: at, LastUpdateTime: now }
  return { success: { [id]: { ...done, StartExecTime: null, EndExecTime: null } }, failed: {} }
}

/** Stores the figures of one job, and gives the commands that wait for it. */
export async function heartbeat({ write }: Database, body: Record<string, object>) {
  const [[id, figures] = ["", {}]] = Object.entries(body)
  const now = stored(new Date().toISOString())
  const rows = Object.entries(figures).map(([name, value]) => [id, name, String(value), now])
  const [, commands] = await write(
    [
      `SELECT JobID, Owner, VO, Status FROM Jobs WHERE JobID IN (?) ORDER BY JobID FOR UPDATE;
      SELECT JobID, Command, Arguments FROM JobCommands WHERE JobID IN (?) AND Status = 'Received'
      ORDER BY JobID, ReceptionTime`,
      [id, id],
    ],
    () => [
      `UPDATE Jobs SET HeartBeatTime = ? WHERE JobID IN (?);
      INSERT INTO HeartBeatLoggingInfo VALUES ? ON DUPLICATE KEY UPDATE Value = VALUES(Value)`,
      [now, id, rows],
    ],
  )
  return commands ?? []
}

/** Stores jobs. */
export async function submit(
  { write }: Database,
  jdls: readonly string[],
  { preferred_username: owner, dirac_group: group, vo }: AccessTokenPayload,
) {
  const now = new Date().toISOString()
  const time = stored(now)
  const texts = ["Received", "Job accepted", "Unknown"]
  const names = ["User", "submitted", "ANY", "load", owner, group, vo]
  const idsFrom = (first: number) => jdls.map((_, i) => first + i)
  const [inserted] = await write(
    [
      "INSERT INTO JobJDLs (JDL, JobRequirements, OriginalJDL) VALUES ?",
      [jdls.map((jdl) => ["", "", compressJdl(jdl)])],
    ],
    ([{ insertId } = { insertId: 0 }]) => {
      const ids = idsFrom(insertId)
      return [
        `INSERT INTO JobJDLs (JobID, JDL, JobRequirements, OriginalJDL) VALUES ? ON DUPLICATE KEY UPDATE JDL = VALUES(JDL);
        INSERT INTO Jobs (JobID, JobType, JobGroup, Site, JobName, Owner, OwnerGroup, VO, SubmissionTime, LastUpdateTime,
          Status, MinorStatus, ApplicationStatus, UserPriority, RescheduleCounter, VerifiedFlag, AccountedFlag) VALUES ?;
        INSERT INTO LoggingInfo VALUES ?`,
        [
          ids.map((id, i) => [id, compressJdl(jdls[i] ?? ""), "", ""]),
          ids.map((id) => [id, ...names, time, time, ...texts, 1, 0, "True", "False"]),
          ids.map((id) => [id, 1, ...texts, time, orderOf(now), "JobManager"]),
        ],
      ]
    },
  )
  const answer = { Status: "Received", MinorStatus: "Job accepted", TimeStamp: now }
  return idsFrom(inserted?.insertId ?? 0).map((JobID) => ({ JobID, ...answer }))
}

type Change = typeof NO_CHANGE

const NO_CHANGE = { Status: "", MinorStatus: "", ApplicationStatus: "", Source: "" }

/** As a column of times holds it. */
const stored = (time: string): string => time.slice(0, 19).replace("T", " ")

/** As DIRAC orders log records: seconds since 2010-03-31. */
const orderOf = (time: string): number => Date.parse(time) / 1000 - 1_270_000_000
