import { beforeAll, expect, it } from "vitest"
import { instant, type Instant } from "@spinor/core/instant"
import { describeEachBackend, dialectOf } from "../../support/backends.ts"
import { useDatabase } from "../../support/database.ts"
import { aliceOfLhcb, asStored, checkHttpVector, lhcbRegistry } from "../../support/http-vectors.ts"
import { fixedConfig, serviceOn, type Caller } from "../../support/service.ts"
import { storeJobs, storeLog, storePilot, type JobColumns } from "../../support/stored-jobs.ts"
import { vectorsOf } from "../../support/vectors.ts"

type Row = Readonly<Record<string, unknown>>

interface Input {
  readonly kind: "search" | "summary" | "rows"
  readonly body: unknown
  readonly query: Record<string, string | number>
  readonly user?: {
    readonly GlobalJobsInfo: boolean
    readonly dirac_properties: string[]
    readonly preferred_username: string
  }
}

interface Output {
  readonly status: number
  readonly content_range?: string | null
  readonly sorted?: boolean
  readonly ids?: readonly number[]
  readonly rows?: readonly Row[]
  readonly first_rows?: readonly Row[]
}

interface RecordedRows {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly unknown[])[]
}

describeEachBackend("search of jobs", (backend) => {
  const database = useDatabase(backend)
  const vectors = vectorsOf<Input, Output>("search.json", dialectOf(backend))

  beforeAll(async () => {
    await storeJobs(database.sql, recordedJobs())
    await storeLog(database.sql, [
      { ...logRecord, seqNum: 1, status: "Received", minorStatus: "Job accepted" },
      {
        ...logRecord,
        seqNum: 2,
        status: "Checking",
        minorStatus: "JobSanity",
        applicationStatus: "idem",
        statusTime: instant("2024-01-01T00:00:01.500000Z"),
      },
    ])
    await storePilot(database.sql, "abc", [1, 4], instant("2024-01-01T00:00:00Z"))
  })

  it.each(vectors.filter(({ input }) => input.kind !== "rows"))(
    "answers as DiracX does: $name",
    async (vector) => {
      const { kind, body, query, user } = vector.input
      const service = serviceOn(database.sql, { config: configOf(user?.GlobalJobsInfo ?? true) })
      const answer = await service.call("POST", `/api/jobs/${kind}?${queryText(query)}`, {
        as: callerOf(user),
        body: body ?? undefined,
      })
      checkHttpVector(vector, answer, (expected, { status, headers, body }) => {
        expect(status).toBe(expected.status)
        expect(headers.get("content-range")).toBe(expected.content_range ?? null)
        if (expected.ids) {
          const ids = body.map((row: Row) => Number(row["JobID"]))
          expect(expected.sorted ? ids : ids.toSorted(byValue)).toEqual(expected.ids)
        }
        if (expected.rows) {
          const inOrder = expected.sorted ? (rows: readonly Row[]) => rows : byText
          expect(inOrder(body)).toEqual(inOrder(asStored(backend, expected.rows)))
        }
        if (expected.first_rows) {
          const first = body.toSorted((a: Row, b: Row) => Number(a["JobID"]) - Number(b["JobID"]))
          expect(first.slice(0, expected.first_rows.length)).toEqual(
            asStored(backend, expected.first_rows),
          )
        }
      })
    },
  )
})

const queryText = (query: Input["query"]): string =>
  Object.entries(query)
    .map(([name, value]) => `${name}=${value}`)
    .join("&")

const byValue = (a: number, b: number): number => a - b

const byText = (rows: readonly Row[]): Row[] =>
  rows.toSorted((a, b) => (sortedKeys(a) < sortedKeys(b) ? -1 : 1))

const sortedKeys = (row: Row): string => JSON.stringify(row, Object.keys(row).toSorted())

const callerOf = (user: Input["user"]): Caller =>
  user === undefined
    ? aliceOfLhcb
    : { ...aliceOfLhcb, name: user.preferred_username, properties: user.dirac_properties }

const configOf = (GlobalJobsInfo: boolean) =>
  fixedConfig({
    DIRAC: {},
    Registry: lhcbRegistry,
    Operations: { Defaults: { Services: { JobMonitoring: { GlobalJobsInfo } } } },
  })

const logRecord = {
  jobId: 1,
  applicationStatus: "Unknown",
  statusTime: instant("2024-01-01T00:00:00Z"),
  source: "JobManager",
}

/** The rows that were there before every vector. */
function recordedJobs(): JobColumns[] {
  const recorded = vectorsOf<Input, RecordedRows>("search.json").find(
    ({ input }) => input.kind === "rows",
  )
  const { columns, rows } = recorded?.output ?? { columns: [], rows: [] }
  expect(rows).not.toEqual([])
  return rows.map((values) => ({
    vo: "lhcb",
    ...Object.fromEntries(
      columns.map((name, i) => [
        `${name[0]?.toLowerCase()}${name.slice(1)}`,
        read(name, values[i]),
      ]),
    ),
  }))
}

const read = (column: string, value: unknown): unknown =>
  column.endsWith("Time") && typeof value === "string" ? timeOf(value) : value

const timeOf = (text: string): Instant => instant(text)
