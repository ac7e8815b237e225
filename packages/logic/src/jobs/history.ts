import type { LogRecord } from "@spinor/db/sql/job-logging/job-logging-db"

/** What a record says when it repeats the one before. */
const SAME = "idem"

/** The log of each job in the order of time, with the repetitions written out. */
export function historyOf(records: readonly LogRecord[]): Map<number, LogRecord[]> {
  const histories = new Map<number, LogRecord[]>()
  for (const record of records) {
    const history = histories.get(record.jobId) ?? []
    history.push(writtenOut(record, history.at(-1)))
    histories.set(record.jobId, history)
  }
  return histories
}

function writtenOut(record: LogRecord, before: LogRecord | undefined): LogRecord {
  if (before === undefined) {
    // Of the first record only this one has a meaning, as in DiracX.
    return record.applicationStatus === SAME ? { ...record, applicationStatus: "Unknown" } : record
  }
  const filled = (value: string, earlier: string) => (value === SAME ? earlier : value)
  return {
    ...record,
    status: filled(record.status, before.status),
    minorStatus: filled(record.minorStatus, before.minorStatus),
    applicationStatus: filled(record.applicationStatus, before.applicationStatus),
  }
}
