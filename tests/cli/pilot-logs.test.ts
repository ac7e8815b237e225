import { randomUUID } from "node:crypto"
import { beforeAll, expect, it } from "vitest"
import { systemTerminal } from "@spinor/admin/terminal"
import { aroundDate } from "@spinor/cli/period"
import { run as runProgram } from "@spinor/cli/program"
import { place, run, type Place } from "./cli.ts"
import { newTokens, type Tokens } from "./credentials.ts"
import { describeEachDocumentServer } from "./document-servers.ts"
import { userAt } from "./user.ts"

interface NewLine {
  readonly sequence: number
  readonly time?: string
  readonly severity?: string
  readonly text?: string
}

describeEachDocumentServer("pilots logs", (server) => {
  let tokens: { readonly user: Tokens; readonly pilot: Tokens }
  beforeAll(async () => {
    tokens = {
      user: await newTokens(server.url),
      pilot: await newTokens(server.url, "vo:testvo group:pilot"),
    }
  })

  const append = async (stamp: string, lines: readonly NewLine[]) => {
    const usual = { time: "2026-11-21T08:00:00Z", text: "" }
    const body = { [stamp]: lines.map((line) => ({ ...usual, ...line })) }
    await server.write(tokens.pilot.access_token, "POST", "/api/pilots/logs", body)
  }

  /** A pilot with these lines, and a user who may read them. */
  const pilotWith = async (lines: readonly NewLine[]) => {
    const stamp = randomUUID().replaceAll("-", "")
    const pilot = { pilot_stamp: stamp, vo: "testvo" }
    await server.write(tokens.pilot.access_token, "POST", "/api/pilots/", pilot)
    if (lines.length > 0) await append(stamp, lines)
    const user = await userAt(server.url, tokens.user)
    return {
      ...user,
      stamp,
      logs: (...args: string[]) => user.spinor("pilots", "logs", stamp, ...args),
    }
  }

  it("shows time, severity and text of each line, in the order of their numbers", async () => {
    const { logs } = await pilotWith([
      { sequence: 2, time: "2026-11-21T08:00:01.5Z", severity: "ERROR", text: "it broke" },
      { sequence: 1, text: "  begin\tnow" },
      { sequence: 3, severity: "VERBOSE", text: "" },
    ])
    expect(await logs()).toEqual({
      code: 0,
      err: "",
      out: `2026-11-21 08:00:00 INFO      begin now
2026-11-21 08:00:01 ERROR   it broke
2026-11-21 08:00:00 VERBOSE${" "}
`,
    })
  })

  it("goes through all pages of a long log, and ends where it is told to", async () => {
    const text = (sequence: number) => `line ${sequence}`
    const numbers = Array.from({ length: 2500 }, (_, i) => i)
    const { logs } = await pilotWith(
      numbers.map((sequence) => ({ sequence, text: text(sequence) })),
    )
    const shown = async (...args: string[]) => {
      const { code, out, err } = await logs(...args)
      expect({ code, err }).toEqual({ code: 0, err: "" })
      return out
        .trimEnd()
        .split("\n")
        .map((line) => line.slice("2026-11-21 08:00:00 INFO    ".length))
    }
    expect(await shown()).toEqual(numbers.map(text))
    expect(await shown("--tail", "1001")).toEqual(numbers.slice(-1001).map(text))
    expect(await shown("--limit", "1001")).toEqual(numbers.slice(0, 1001).map(text))
    const json = JSON.parse((await logs("--json")).out)
    expect(json.map((line: { Sequence: number }) => line.Sequence)).toEqual(numbers)
    expect(json[0]).toMatchObject({ Text: "line 0", Severity: "INFO" })
  })

  it("keeps to severities, times and words", async () => {
    const { logs } = await pilotWith([
      { sequence: 1, time: "2026-11-20T23:59:59.999Z", severity: "WARN", text: "a Disk is full" },
      { sequence: 2, time: "2026-11-21T00:00:00Z", severity: "ERROR", text: "b" },
      { sequence: 3, time: "2026-11-21T23:59:59.999Z", severity: "INFO", text: "c full disk" },
      { sequence: 4, time: "2026-11-22T00:00:00Z", severity: "FATAL", text: "d" },
    ])
    const found = async (...args: string[]) =>
      JSON.parse((await logs(...args, "--json")).out)
        .map(({ Text }: { Text: string }) => Text[0])
        .join("")
    expect(await found("--severity", "error", "--severity", "FATAL")).toBe("bd")
    expect(await found("--since", "2026-11-21")).toBe("bcd")
    expect(await found("--until", "2026-11-21")).toBe("abc")
    expect(await found("--since", "2026-11-21 00:00", "--until", "2026-11-21T22")).toBe("b")
    expect(await found("--since", "2026-11-21T23:59:59Z")).toBe("cd")
    expect(await found("--text", "disk FULL")).toBe("ac")
    expect(await found("--text", "disk", "--tail", "1", "--until", "2026")).toBe("c")
  })

  it("lets no text steer the terminal", async () => {
    const { logs } = await pilotWith([
      { sequence: 1, text: "\u001b[2J\u001b]0;title\u0007red\r\nnew \u202eline" },
    ])
    expect((await logs()).out).toMatch(/^2026-11-21 08:00:00 INFO {4}red new {1,2}line\n$/)
  })

  it("tells a pilot without lines from one that there is not", async () => {
    const { logs, spinor } = await pilotWith([])
    expect(await logs()).toEqual({ code: 0, out: "No lines\n", err: "" })
    expect(await logs("--json")).toEqual({ code: 0, out: "[]\n", err: "" })
    expect(await spinor("pilots", "logs", "nope")).toEqual({
      code: 1,
      out: "",
      err: "error: there is no pilot nope that you may see\n",
    })
  })

  it("--follow goes on with lines that are new, each once, until it is interrupted", async () => {
    const { stamp, ...user } = await pilotWith([
      { sequence: 1, text: "old" },
      { sequence: 2, text: "last" },
    ])
    const batches = [[{ sequence: 3, text: "three" }], [], [{ sequence: 4, text: "four" }]]
    const { code, out, err, pauses } = await inProcess(
      user,
      ["pilots", "logs", stamp, "--tail", "1", "--follow"],
      async (interrupt) => {
        const batch = batches.shift()
        if (batch === undefined) return interrupt()
        if (batch.length > 0) await append(stamp, batch)
      },
    )
    expect(out.match(/\S+(?=\n)/g)).toEqual(["last", "three", "four"])
    expect({ code, err, pauses }).toEqual({
      code: 130,
      err: "Stopped\n",
      pauses: Array(4).fill(2000),
    })
  })

  it("colours severities on a terminal", async () => {
    const { stamp, ...user } = await pilotWith([{ sequence: 1, severity: "FATAL", text: "end" }])
    const { out } = await inProcess(user, ["pilots", "logs", stamp], async () => undefined)
    expect(out).toBe("<dim>2026-11-21 08:00:00</dim> <red>FATAL  </red> end\n")
  })
})

it.each([
  [["logs", "1", "--tail", "5", "--limit", "5"], /cannot be used with option '--tail/],
  [["logs", "1", "--follow", "--json"], /cannot be used with option '--json/],
  [["logs", "1", "--severity", "LOUD"], /It should be one of DEBUG, VERBOSE,/],
  [["logs", "1", "--since", "2026-02-30"], /It should be a date such as/],
  [["logs", "1", "--tail", "0"], /It should be a whole number from 1 on/],
  [["--status", "Running", "logs", "1"], /^error: --status before logs is an option of the list/],
  [["logs"], /missing required argument 'stamp'/],
])("pilots %j is a fault of the command line", async (args, err) => {
  const outcome = await run(await place(), ["pilots", ...args])
  expect(outcome).toMatchObject({ code: 2, out: "", err: expect.stringMatching(err) })
})

it.each([
  ["2026", "2025-12-31T23:59:59", "2027-01-01T00:00:00"],
  ["2024-02", "2024-01-31T23:59:59", "2024-03-01T00:00:00"],
  ["2024-02-29", "2024-02-28T23:59:59", "2024-03-01T00:00:00"],
  ["2026-12-31T23", "2026-12-31T22:59:59", "2027-01-01T00:00:00"],
  ["2026-12-31 23:59", "2026-12-31T23:58:59", "2027-01-01T00:00:00"],
  ["2026-12-31T23:59:59.25Z", "2026-12-31T23:59:58", "2027-01-01T00:00:00"],
])("%s lies after %s and before %s", (text, before, after) => {
  expect(aroundDate(text)).toEqual({ before, after })
})

it.each(["", "26", "2026-13", "2026-02-29", "2026-11-21T24", "2026-11-21Z", "today", "0000"])(
  "%j is no date",
  (text) => {
    expect(aroundDate(text)).toBeUndefined()
  },
)

/** Runs the command in this process, where `onPause` takes the place of waiting. */
async function inProcess(
  { cwd, env }: Place,
  args: readonly string[],
  onPause: (interrupt: () => void) => Promise<unknown>,
) {
  const interruption = new AbortController()
  const interrupted = interruption.signal
  const pauses: number[] = []
  let [out, err] = ["", ""]
  const stdout = { write: (text: string) => (out += text) }
  const stderr = { write: (text: string) => (err += text) }
  const shell = {
    stdout,
    stderr,
    readStdin: undefined,
    env,
    cwd,
    home: cwd,
    scratch: cwd,
    now: () => Date.now() / 1000,
    interrupted,
    async pause(milliseconds: number) {
      pauses.push(milliseconds)
      await onPause(() => interruption.abort())
      interrupted.throwIfAborted()
    },
    paint: (style: unknown, text: string) => `<${String(style)}>${text}</${String(style)}>`,
  }
  const terminal = systemTerminal({ stdout, stderr, cwd, env, interrupted })
  return { code: await runProgram(args, shell, terminal), out, err, pauses }
}
