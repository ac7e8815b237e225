import { mkdtemp, rm, utimes, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { describe, expect, it, onTestFinished, vi } from "vitest"
import { commitConfig, initConfig } from "@spinor/core/config/commit"
import { cachedSource } from "@spinor/core/config/cached-source"
import { ConfigError } from "@spinor/core/config/error"
import type { Snapshot } from "@spinor/core/config/revision"
import type { ConfigSource } from "@spinor/core/config/config-source"
import { configSource, readRevision } from "@spinor/core/config/sources"
import { UnavailableError } from "@spinor/core/errors"
import { instant, plusSeconds } from "@spinor/core/instant"

const START = instant("2026-11-21T08:00:00Z")
const EMPTY = "DIRAC: {}\nRegistry: {}\n"

/** A clock that is moved by hand. */
function stoppedClock() {
  let now = START
  return { clock: () => now, pass: (seconds: number) => (now = plusSeconds(now, seconds)) }
}

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "spinor-config-"))
  onTestFinished(() => rm(path, { recursive: true, force: true }))
  return path
}

describe("a cached configuration", () => {
  const snapshot = (hexsha: string, text = EMPTY): Snapshot => ({
    hexsha,
    read: async () => ({ text, modified: START }),
  })

  function world(first: () => Promise<Snapshot>) {
    const { clock, pass } = stoppedClock()
    const problems: string[] = []
    let looks = 0
    let newest = first
    const source = cachedSource(
      () => {
        looks += 1
        return newest()
      },
      { clock, onProblem: (error) => problems.push(String(error)) },
    )
    return {
      source,
      pass,
      problems,
      looks: () => looks,
      hold: (next: () => Promise<Snapshot>) => (newest = next),
      hexsha: async () => (await source.latest()).hexsha,
    }
  }

  it("is loaded once for callers who come at once", async () => {
    const { source, looks } = world(async () => snapshot("a"))
    const [one, other] = await Promise.all([source.latest(), source.latest()])
    expect(one).toBe(other)
    expect(looks()).toBe(1)
  })

  it("is not looked for again within 2 s", async () => {
    const { hexsha, pass, looks } = world(async () => snapshot("a"))
    await hexsha()
    pass(1.9)
    await hexsha()
    expect(looks()).toBe(1)
  })

  it("is looked for again after the clock was set back", async () => {
    const { hexsha, pass, hold } = world(async () => snapshot("a"))
    await hexsha()
    hold(async () => snapshot("b"))
    pass(-600)
    expect(await hexsha()).toBe("b")
  })

  it("is served as it was while a newer one is read", async () => {
    const { hexsha, pass, hold } = world(async () => snapshot("a"))
    await hexsha()
    const { promise, resolve } = Promise.withResolvers<Snapshot>()
    hold(() => promise)
    pass(3)
    expect(await hexsha()).toBe("a")
    resolve(snapshot("b"))
    await expect.poll(hexsha).toBe("b")
  })

  it("is awaited after 4.5 s without a look, as after a container was frozen", async () => {
    const { hexsha, pass, hold } = world(async () => snapshot("a"))
    await hexsha()
    hold(async () => snapshot("b"))
    pass(3600)
    expect(await hexsha()).toBe("b")
  })

  it("is parsed once a revision", async () => {
    const { source, pass } = world(async () => snapshot("a"))
    const before = await source.latest()
    pass(10)
    expect(await source.latest()).toBe(before)
  })

  it("outlives a broken revision, which is reported once", async () => {
    const { hexsha, pass, hold, problems } = world(async () => snapshot("a"))
    await hexsha()
    hold(async () => snapshot("b", "DIRAC: {}\nRegistry: {}\nNope: 1\n"))
    for (const _ of [1, 2, 3]) {
      pass(5)
      expect(await hexsha()).toBe("a")
    }
    expect(problems).toEqual(["ConfigError: Nope: Extra inputs are not permitted"])
    hold(async () => snapshot("c"))
    pass(5)
    expect(await hexsha()).toBe("c")
  })

  it("outlives a source that is away", async () => {
    const { hexsha, pass, hold, problems } = world(async () => snapshot("a"))
    await hexsha()
    hold(() => Promise.reject(new Error("away")))
    pass(5)
    expect(await hexsha()).toBe("a")
    expect(problems).toEqual(["Error: away"])
  })

  it("is not waited for longer than a second, and not at all when the source was away", async () => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    const { source, hexsha, pass, hold } = world(async () => snapshot("a"))
    await hexsha()
    const { promise, reject } = Promise.withResolvers<Snapshot>()
    hold(() => promise)
    pass(5)
    const [first, second] = [hexsha(), hexsha()]
    await vi.advanceTimersByTimeAsync(1000)
    expect(await Promise.all([first, second, hexsha()])).toEqual(["a", "a", "a"])
    reject(new Error("away"))
    await expect.poll(() => source.problem?.()).toMatch(/cannot be read: revision a is served$/)
    hold(() => new Promise(() => undefined))
    pass(5)
    expect(await hexsha()).toBe("a")
  })

  it("is looked for anew where a look was interrupted, as in a container that was frozen", async () => {
    const { hexsha, pass, hold, problems } = world(async () => snapshot("a"))
    await hexsha()
    const { promise, reject } = Promise.withResolvers<Snapshot>()
    hold(() => promise)
    pass(3)
    await hexsha()
    hold(async () => snapshot("b"))
    pass(3600)
    expect(await hexsha()).toBe("b")
    reject(new Error("interrupted"))
    expect(await hexsha()).toBe("b")
    expect(problems).toEqual([])
  })

  it("tells its problem in words for everybody, until it is over", async () => {
    const { source, hexsha, pass, hold } = world(async () => snapshot("a"))
    expect(source.problem?.()).toBeUndefined()
    await hexsha()
    expect(source.problem?.()).toBeUndefined()
    hold(async () => snapshot("b", "Secret: 1\n"))
    pass(5)
    await hexsha()
    const broken = "Revision b of the configuration is broken: revision a is served"
    expect(source.problem?.()).toBe(broken)
    hold(() => Promise.reject(new Error("secret")))
    pass(5)
    await hexsha()
    expect(source.problem?.()).toBe(
      "The source of the configuration cannot be read: revision a is served",
    )
    hold(async () => snapshot("b"))
    pass(5)
    await hexsha()
    await expect.poll(() => source.problem?.()).toBe(broken)
    hold(async () => snapshot("a"))
    pass(5)
    await hexsha()
    expect(source.problem?.()).toBeUndefined()
  })

  it("is unavailable until one could be read", async () => {
    const { hexsha, hold } = world(() => Promise.reject(new Error("away")))
    await expect(hexsha()).rejects.toThrow(UnavailableError)
    await expect(hexsha()).rejects.toThrow("Configuration is not available")
    hold(async () => snapshot("a"))
    expect(await hexsha()).toBe("a")
  })
})

const silent = (url: string, clock = () => START): ConfigSource =>
  configSource(url, {
    clock,
    onProblem: (error) => {
      throw error
    },
  })

describe("a configuration in a file", () => {
  it("is default.yml of a folder, or the file itself, and changes its revision with its content", async () => {
    const dir = await folder()
    const file = join(dir, "default.yml")
    await writeFile(file, EMPTY)
    await utimes(file, 1_700_000_000, 1_700_000_000)
    const ofFolder = await silent(pathToFileURL(dir).href).latest()
    expect(ofFolder).toEqual(await silent(pathToFileURL(file).href).latest())
    expect(ofFolder.modified).toBe("2023-11-14T22:13:20.000000Z")
    expect(ofFolder.hexsha).toMatch(/^[\da-f]{40}$/)
    expect(JSON.parse(ofFolder.json)).toEqual(ofFolder.config)
    await writeFile(file, `${EMPTY}LogLevel: DEBUG\n`)
    const changed = await silent(pathToFileURL(dir).href).latest()
    expect(changed.hexsha).not.toBe(ofFolder.hexsha)
    expect(changed.config.LogLevel).toBe("DEBUG")
  })

  it("that is not there makes the service unavailable, and is named", async () => {
    const problems: unknown[] = []
    const url = pathToFileURL(join(await folder(), "none.yml")).href
    const source = configSource(url, {
      clock: () => START,
      onProblem: (error) => problems.push(error),
    })
    await expect(source.latest()).rejects.toThrow(UnavailableError)
    expect(String(problems[0])).toContain("none.yml")
  })
})

describe("a configuration in a git repository", () => {
  const options = { message: "Begin", clock: () => START }

  it("is the newest commit of master, with the commit's time", async () => {
    const dir = await folder()
    const commit = await initConfig(dir, EMPTY, options)
    const { clock, pass } = stoppedClock()
    const source = silent(`git+${pathToFileURL(dir).href}`, clock)
    expect(await source.latest()).toMatchObject({ hexsha: commit, modified: START })
    const next = await commitConfig(dir, (document) => document.set("LogLevel", "INFO"), {
      message: "Log",
      clock: () => plusSeconds(START, 60),
    })
    pass(5)
    expect(await source.latest()).toMatchObject({
      hexsha: next,
      modified: plusSeconds(START, 60),
      config: { LogLevel: "INFO" },
    })
  })

  it("may be a bare path, or a branch or commit that the URL names", async () => {
    const dir = await folder()
    const commit = await initConfig(dir, EMPTY, { ...options, branch: "main" })
    const url = `git+${pathToFileURL(dir).href}`
    expect((await readRevision(`${url}?revision=main`)).hexsha).toBe(commit)
    expect((await readRevision(`${url}?revision=${commit.slice(0, 8)}`)).hexsha).toBe(commit)
    await expect(readRevision(dir)).rejects.toThrow("not a git repository with a revision master")
  })

  it("is not read from a scheme that nothing serves", () => {
    expect(() => silent("ftp://example.com/x")).toThrow(ConfigError)
  })
})
