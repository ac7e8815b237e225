import { expect } from "vitest"
import { connectSql, type SqlConnections } from "@spinor/db/sql/connections"
import { JobLoggingDB, type LogRecord } from "@spinor/db/sql/job-logging/job-logging-db"
import { parseDatabaseUrl } from "@spinor/db/sql/url"
import type { Backend } from "./backends.ts"
import { useDatabase, type TestDatabase } from "./database.ts"

/** As many write at the same time. */
export const WRITERS = 20

/** What is inserted by every unit of work that changes a job. */
const INSERT = /insert into .(LoggingInfo|HeartBeatLoggingInfo)/i

interface Answer {
  readonly status: number
}

export interface Writers {
  readonly database: TestDatabase
  /** How often rows were inserted while all were written at once, each by a call that went well. */
  readonly insertsOf: <Written>(
    all: readonly Written[],
    write: (one: Written) => Promise<Answer>,
    status?: number,
  ) => Promise<number>
  /** The jobs are in the database, and their log in another one. */
  readonly connectApart: () => SqlConnections
  /** Of the log that is apart. */
  readonly recordsApart: (jobIds: readonly number[]) => Promise<LogRecord[]>
}

/** A database that many write to at the same time. */
export function useWriters(backend: Backend): Writers {
  let inserts = 0
  const database = useDatabase(backend, {
    onStatement: (text) => INSERT.test(text) && inserts++,
  })
  const logs = useDatabase(backend)
  return {
    database,
    insertsOf: async (all, write, status = 200) => {
      inserts = 0
      const answers = await Promise.all(all.map((one) => write(one)))
      expect(statuses(answers)).toEqual(Array(all.length).fill(status))
      return inserts
    },
    connectApart: () =>
      connectSql((name) =>
        parseDatabaseUrl((name === "JobLoggingDB" ? logs : database).url, "the test's URL"),
      ),
    recordsApart: (jobIds) =>
      logs.sql.read({ logging: JobLoggingDB }, ({ logging }) => logging.records(jobIds)),
  }
}

export const statuses = (answers: readonly Answer[]): number[] =>
  answers.map(({ status }) => status)

export const isEven = (_: unknown, i: number): boolean => i % 2 === 0

export const ascending = (a: number, b: number): number => a - b
