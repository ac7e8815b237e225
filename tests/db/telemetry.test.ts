import { context, metrics, trace } from "@opentelemetry/api"
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks"
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics"
import {
  TracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type ReadableSpan,
} from "@opentelemetry/sdk-trace"
import { sql } from "drizzle-orm"
import { afterAll, beforeEach, expect, it } from "vitest"
import { JobDB } from "@spinor/db/sql/job/job-db"
import { observedDatabases, observedEngine } from "@spinor/db/sql/telemetry/observed"
import { openTelemetry } from "@spinor/db/sql/telemetry/open-telemetry"
import { parseDatabaseUrl } from "@spinor/db/sql/url"
import { describeEachBackend, dialectOf } from "../support/backends.ts"
import { useDatabase } from "../support/database.ts"
import { admin, alice, serviceOn } from "../support/service.ts"

const spans = new InMemorySpanExporter()
const figures = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
const reader = new PeriodicExportingMetricReader({ exporter: figures })
const meters = new MeterProvider({ readers: [reader] })
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
trace.setGlobalTracerProvider(
  new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter: spans })] }),
)
metrics.setGlobalMeterProvider(meters)
beforeEach(() => spans.reset())
afterAll(() => meters.shutdown())

describeEachBackend("telemetry", (backend) => {
  const database = useDatabase(backend, { telemetry: openTelemetry() })
  const submit = () =>
    serviceOn(database.sql).call("POST", "/api/jobs/jdl", {
      as: alice,
      body: ['Executable = "true"; JobName = "secret-name";', 'Executable = "false";'],
    })
  const childrenOf = (unit: ReadableSpan | undefined) =>
    spans
      .getFinishedSpans()
      .filter((span) => span.parentSpanContext?.spanId === unit?.spanContext().spanId)

  it("has a span for a unit of work, and in it one for each statement", async () => {
    expect((await submit()).status).toBe(201)
    const unit = spans.getFinishedSpans().find(({ name }) => name.startsWith("write "))
    expect(unit?.attributes).toEqual({
      "spinor.db.operation": "write",
      "db.namespace": "JobDB,JobLoggingDB",
    })
    const children = childrenOf(unit)
    expect(children.map(({ name }) => name)).toEqual([
      "INSERT JobJDLs",
      // By which MySQL tells the distance of its ids.
      ...(dialectOf(backend) === "mysql" ? ["SELECT"] : []),
      "INSERT JobJDLs",
      "INSERT Jobs",
      "INSERT LoggingInfo",
    ])
    for (const { attributes } of children) {
      expect(attributes).toMatchObject({
        "db.system.name": dialectOf(backend),
        "db.namespace": parseDatabaseUrl(database.url, "the test's URL").database,
      })
    }
  })

  it("tells rows, and no values", async () => {
    await submit()
    const search = [{ parameter: "JobName", operator: "eq", value: "secret-name" }]
    await serviceOn(database.sql).call("POST", "/api/jobs/search", { as: admin, body: { search } })
    const select = spans.getFinishedSpans().findLast(({ name }) => name === "SELECT Jobs")
    expect(select?.attributes["db.response.returned_rows"]).toBeGreaterThan(0)
    const told = spans.getFinishedSpans().map(({ name, attributes }) => ({ name, attributes }))
    expect(JSON.stringify(told)).not.toMatch(/secret-name|alice/)
  })

  it("tells what kind of error it was", async () => {
    const failing = database.sql.write({ jobs: JobDB }, () => Promise.reject(new TypeError("x")))
    await expect(failing).rejects.toThrow(TypeError)
    const unit = spans.getFinishedSpans().find(({ name }) => name === "write JobDB")
    expect(unit?.attributes["error.type"]).toBe("TypeError")
    const engine = await database.engineOf("JobDB")
    const lost = engine.read((queries) => queries.run(sql`select * from nothing`))
    await expect(lost).rejects.toThrow()
    const select = spans.getFinishedSpans().find(({ name }) => name === "SELECT nothing")
    expect(select?.attributes["error.type"]).toBe("other")
  })

  it("counts how long units and statements take", async () => {
    await submit()
    await reader.forceFlush()
    const names = figures
      .getMetrics()
      .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics))
      .map(({ descriptor }) => descriptor.name)
    expect(names).toContain("db.client.operation.duration")
    expect(names).toContain("spinor.db.unit_of_work.duration")
    if (backend === "mysql" || backend === "postgresql") {
      expect(names).toContain("db.client.connection.wait_time")
    }
  })

  it("costs nothing when it is off", async () => {
    const engine = await database.engineOf("JobDB")
    expect(observedEngine(engine, "jobs", undefined)).toBe(engine)
    expect(observedDatabases(database.sql, undefined)).toBe(database.sql)
  })
})
