import { randomBytes } from "node:crypto"
import { describe, expect, it, onTestFinished } from "vitest"
import { openSearchRunsHere } from "../support/opensearch.ts"
import { installation, openSearch } from "./installation.ts"

const DAY = 86_400_000

describe.skipIf(!openSearchRunsHere())("os on the telemetry in OpenSearch", () => {
  /** A deployment with spans of its own, so many days old. */
  async function spans(...ages: number[]) {
    const stage = `test${randomBytes(6).toString("hex")}`
    const stream = `ss4o_traces-spinor-${stage}`
    const { os } = await installation()
    const more = { SPINOR_STAGE: stage, SPINOR_OTEL_OPENSEARCH: "true" }
    onTestFinished(async () => void (await openSearch("DELETE", `_data_stream/${stream}`)))
    const run = (command: string) => os(command, { more })
    await run("migrate")
    for (const age of ages) {
      const at = new Date(Date.now() - age * DAY).toISOString()
      await openSearch("POST", `${stream}/_doc`, { "@timestamp": at, name: "GET" })
    }
    const rollOver = () => openSearch("POST", `${stream}/_rollover`)
    return { run, rollOver, stream }
  }

  it("migrate puts its templates, and status tells its indices", async () => {
    const { run, stream } = await spans(0, 1)
    const { out } = await run("migrate")
    expect(out).toMatch(/^OpenTelemetryTraces .* template unchanged$/m)
    expect(out).toMatch(/^OpenTelemetryLogs .* template unchanged$/m)
    const { code, out: status } = await run("status")
    expect(code).toBe(0)
    expect(status).toMatch(
      new RegExp(
        `^OpenTelemetryTraces .* current +30 days +\\.ds-${stream}-000001 +2 +[0-9.]+ [KM]?i?B$`,
        "m",
      ),
    )
    expect(status).toMatch(/^OpenTelemetryLogs .* current +30 days +none yet +0$/m)
  })

  it("prune removes the indices that hold nothing younger, and no others", async () => {
    const { run, rollOver, stream } = await spans(50, 40)
    await rollOver()
    await openSearch("POST", `${stream}/_doc`, { "@timestamp": dated(35), name: "old" })
    await openSearch("POST", `${stream}/_doc`, { "@timestamp": dated(5), name: "young" })
    await rollOver()
    await openSearch("POST", `${stream}/_doc?refresh=true`, {
      "@timestamp": dated(60),
      name: "new",
    })
    const { code, out } = await run("prune")
    expect(code).toBe(0)
    expect(out).toMatch(/^OpenTelemetryTraces .* 2 removed, which were written before 2\d{3}-/m)
    await openSearch("POST", `${stream}/_refresh`)
    expect((await openSearch("GET", `${stream}/_count`)).count).toBe(3)
    expect((await run("prune")).out).toMatch(/^OpenTelemetryTraces .* 0 removed/m)
    const all = await run("prune --database OpenTelemetryTraces --older-than 1")
    expect(all.out).toMatch(/ 2 removed/)
  })

  it("flush has nothing to send", async () => {
    const { run } = await spans()
    expect(await run("flush --database OpenTelemetryLogs")).toEqual({
      code: 0,
      out: "Nothing waits for OpenSearch.\n",
      err: "",
    })
  })

  it("is not there where telemetry goes elsewhere", async () => {
    const { os } = await installation()
    expect((await os("status")).out).not.toContain("OpenTelemetry")
  })
})

const dated = (days: number): string => new Date(Date.now() - days * DAY).toISOString()
