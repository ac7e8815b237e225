import { describe, expect, it } from "vitest"
import { openSearchRunsHere } from "../support/opensearch.ts"
import { countIn, installation, linesAt, openSearch, registerPilot } from "./installation.ts"

describe.skipIf(!openSearchRunsHere())("on OpenSearch", () => {
  it("flush sends what was written during an outage, part by part, once OpenSearch is back", async () => {
    const there = await installation()
    const { os, prefix, call, closed } = there
    const lines = linesAt(...Array<string>(1200).fill("2026-11-21T07:00:00Z"))
    await registerPilot(there, "stamp")
    await call(["POST", "/api/pilots/logs", { stamp: lines }], closed)
    await call(["PATCH", "/api/pilots/parameters", { stamp: { HostName: "wn1" } }], closed)

    const away = await os("flush --json", { hosts: closed })
    expect(away.code).toBe(1)
    expect(away.err).toMatch(/\(PilotLogsDB\): 1200 wait on: OpenSearch is away \(.*ECONNREFUSED/)
    expect(away.err).not.toContain("tiger")
    expect(JSON.parse(away.out)).toMatchObject([
      { sent: 0, left: 0, error: null },
      { sent: 0, left: 1, error: expect.stringContaining("OpenSearch is away") },
      { sent: 0, left: 1200, error: expect.stringContaining("OpenSearch is away") },
    ])
    expect(await os("status --database PilotLogsDB")).toMatchObject({
      err: expect.stringContaining("hint: documents wait for OpenSearch; run spinor os flush\n"),
    })

    const one = await os("flush --database PilotLogsDB", { isTTY: true })
    expect(one).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^PilotLogsDB .* 1200 sent, 0 refused, 0 left\n$/),
    })
    expect(one.err).toMatch(/Sending to PilotLogsDB █+░+ +41 % of 1200 documents/)
    expect(await countIn(`${prefix}pilot_logs_testvo_0m`)).toBe(1200)
    const rest = await os("flush --json")
    expect(rest).toMatchObject({ code: 0, err: "" })
    expect(JSON.parse(rest.out)).toMatchObject([{ sent: 0 }, { sent: 1, left: 0 }, { sent: 0 }])
    expect((await os("status")).out).toContain("Nothing waits for OpenSearch.")
  })

  it("flush tells why documents are refused, and sends them when they are taken", async () => {
    const { os, prefix, call, closed, newJobs } = await installation()
    const index = `${prefix}job_parameters_testvo_0m`
    await openSearch("PUT", index, { mappings: { properties: { GridCE: { type: "long" } } } })
    const jobs = await newJobs(600)
    const named = Object.fromEntries(jobs.map((job) => [job, { GridCE: "\u001b[31mce1" }]))
    await call(["PATCH", "/api/jobs/metadata", named], closed)

    const first = await os("flush --database JobParametersDB")
    expect(first).toMatchObject({ code: 0, err: "" })
    const [sum, reason, ...more] = first.out.trimEnd().split("\n")
    expect(sum).toMatch(/ 0 sent, 600 refused, 0 left$/)
    expect(reason).toMatch(new RegExp(`^ {2}JobID ${jobs[0]}: mapper_parsing_exception: .*GridCE`))
    expect(more).toHaveLength(9)
    expect(first.out).not.toContain("\u001b")

    const status = await os("status --database JobParametersDB")
    expect(status.out).toMatch(/^JobParametersDB +0 +600 +2/m)
    expect(status.err).toMatch(/^hint: .*; run spinor os flush --refused /)
    expect((await os("flush")).out).toMatch(/^JobParametersDB .* 0 sent, 0 refused, 0 left$/m)
    const again = JSON.parse((await os("flush --refused --json")).out)
    expect(again[0]).toMatchObject({ sent: 0, refused: 600, left: 0, error: null })

    await openSearch("DELETE", index)
    const mended = await os("flush --refused")
    expect(mended).toMatchObject({ code: 0, err: "" })
    expect(mended.out).toMatch(/^JobParametersDB .* 600 sent, 0 refused, 0 left$/m)
    expect(await countIn(index)).toBe(600)
  })

  it("prune removes an index that holds nothing young as a whole", async () => {
    const there = await installation()
    const { os, prefix, call } = there
    await registerPilot(there, "ours")
    await registerPilot(there, "theirs", "othervo")
    const old = "2026-08-23T07:59:59Z"
    await call(["POST", "/api/pilots/logs", { ours: linesAt(old, "2026-08-23T08:00:00Z") }])
    await call(["POST", "/api/pilots/logs", { theirs: linesAt(old, old) }])
    const { code, out, err } = await os("prune --database PilotLogsDB", { isTTY: true })
    expect({ code, out }).toEqual({
      code: 0,
      out: expect.stringMatching(/ 3 removed, which were written before 2026-08-23T08:00:00\n$/),
    })
    expect(err).toMatch(/Removing from PilotLogsDB: \d documents/)
    expect(await countIn(`${prefix}pilot_logs_testvo_0m`)).toBe(1)
    expect((await openSearch("GET", `${prefix}pilot_logs_othervo_0m`)).status).toBe(404)
  })
})

describe.each(["opensearch", "sql"] as const)("os prune on %s", (kind) => {
  it.skipIf(kind === "opensearch" && !openSearchRunsHere())(
    "removes what is older than it is kept, and keeps parameters for ever unless told otherwise",
    async () => {
      const there = await installation(kind)
      const { os, call, newJobs } = there
      await registerPilot(there, "stamp")
      const lines = linesAt(
        "2026-08-23T07:59:59.999Z",
        "2026-08-23T08:00:00Z",
        "2026-11-20T00:00:00Z",
      )
      await call(["POST", "/api/pilots/logs", { stamp: lines }])
      const [old = 0, young = 0] = await newJobs(2)
      await call([
        "PATCH",
        "/api/jobs/metadata",
        {
          [old]: { timestamp: "2020-01-01T00:00:00Z" },
          [young]: { timestamp: "2026-11-20T00:00:00Z" },
        },
      ])
      const pruned = async (line: string, more: Record<string, string> = {}) => {
        const { code, out, err } = await os(`prune --json ${line}`.trim(), { more })
        expect({ code, err }).toEqual({ code: 0, err: "" })
        return JSON.parse(out).map(({ removed }: { removed: number }) => removed)
      }
      expect((await os("prune --database PilotParametersDB")).out).toMatch(/ kept for ever\n$/)
      expect(await pruned("")).toEqual([0, 0, 1])
      expect(await pruned("")).toEqual([0, 0, 0])
      expect(await pruned("--database PilotLogsDB --older-than 30")).toEqual([1])
      expect(await pruned("", { SPINOR_PARAMETERS_RETENTION_DAYS: "365" })).toEqual([1, 0, 0])
      expect(await pruned("--database JobParametersDB PilotLogsDB --older-than 1")).toEqual([1, 1])
    },
  )
})
