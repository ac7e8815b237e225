import { mkdir, readdir } from "node:fs/promises"
import { join } from "node:path"
import { inspect } from "node:util"
import { beforeEach, describe, expect, it } from "vitest"
import { commitConfig } from "@spinor/core/config/commit"
import { ConfigError } from "@spinor/core/config/error"
import { configSource, readRevision } from "@spinor/core/config/sources"
import { UnavailableError } from "@spinor/core/errors"
import { plusSeconds } from "@spinor/core/instant"
import { AUTHORIZATION, gitServer, hasGitServer, START, TOKEN, USER } from "./git-server.ts"

const EMPTY = "DIRAC: {}\nRegistry: {}\n"
const CREDENTIALS = `${USER}:${encodeURIComponent(TOKEN)}@`

type Server = Awaited<ReturnType<typeof gitServer>>

/** A source with a clock that is moved by hand. */
function sourceOf(url: string, timeout = 10_000) {
  let now = START
  const problems: string[] = []
  const source = configSource(url, {
    clock: () => now,
    onProblem: (error) => problems.push(String(error)),
    timeout,
  })
  return {
    source,
    problems,
    hexsha: async () => (await source.latest()).hexsha,
    pass: (seconds: number) => (now = plusSeconds(now, seconds)),
  }
}

const commitTo = ({ folder }: Server, key: string, value: string, branch?: string) =>
  commitConfig(folder, (document) => document.set(key, value), {
    message: "Change",
    clock: () => plusSeconds(START, 60),
    ...(branch !== undefined && { branch }),
  })

beforeEach(({ skip }) => skip(!hasGitServer, "git http-backend: install git"))

describe("a configuration behind git+https", () => {
  it("is the newest commit of master, with the commit's time", async () => {
    const server = await gitServer(EMPTY)
    const { source, pass, problems } = sourceOf(server.url())
    expect(await source.latest()).toMatchObject({ hexsha: server.commit, modified: START })
    const next = await commitTo(server, "LogLevel", "INFO")
    pass(5)
    expect(await source.latest()).toMatchObject({
      hexsha: next,
      modified: plusSeconds(START, 60),
      config: { LogLevel: "INFO" },
    })
    expect(problems).toEqual([])
  })

  it("is asked for one branch at a look, and fetched only when that has changed", async () => {
    const server = await gitServer(EMPTY)
    const { hexsha, pass } = sourceOf(server.url())
    await hexsha()
    expect(server.requests).toHaveLength(4)
    pass(5)
    await hexsha()
    expect(server.requests).toHaveLength(6)
    await commitTo(server, "LogLevel", "INFO")
    pass(5)
    await hexsha()
    expect(server.requests).toHaveLength(10)
  })

  it("is a branch that the URL names", async () => {
    const server = await gitServer(EMPTY, { branch: "main" })
    await server.git("branch", "other/one")
    const other = await commitTo(server, "LogLevel", "INFO", "other/one")
    expect((await readRevision(`${server.url()}?revision=main`)).hexsha).toBe(server.commit)
    expect((await readRevision(`${server.url()}?revision=other/one`)).hexsha).toBe(other)
  })

  it("is a tag that the URL names, annotated or not", async () => {
    const server = await gitServer(EMPTY)
    await server.git("tag", "light")
    await server.git("tag", "-m", "It", "annotated")
    await commitTo(server, "LogLevel", "INFO")
    for (const tag of ["light", "annotated"]) {
      const { hexsha, pass, problems } = sourceOf(`${server.url()}?revision=${tag}`)
      expect(await hexsha()).toBe(server.commit)
      pass(5)
      expect(await hexsha()).toBe(server.commit)
      expect(problems).toEqual([])
    }
  })

  it("is a commit that the URL names, by its whole id or the beginning", async () => {
    const server = await gitServer(EMPTY)
    const newest = await commitTo(server, "LogLevel", "INFO")
    for (const id of [server.commit, server.commit.slice(0, 8), newest]) {
      const { source, pass } = sourceOf(`${server.url()}?revision=${id}`)
      expect((await source.latest()).hexsha).toBe(id === newest ? newest : server.commit)
      const asked = server.requests.length
      pass(5)
      await source.latest()
      expect(server.requests).toHaveLength(asked)
    }
  })

  it("is a commit alone, where the server gives it out", async () => {
    const server = await gitServer(EMPTY)
    await commitTo(server, "LogLevel", "INFO")
    await server.git("config", "uploadpack.allowReachableSHA1InWant", "true")
    expect((await readRevision(`${server.url()}?revision=${server.commit}`)).hexsha).toBe(
      server.commit,
    )
    expect(server.requests).toHaveLength(2)
  })

  it("leaves no files behind", async () => {
    const server = await gitServer(EMPTY)
    const folder = join(server.folder, "temporary")
    await mkdir(folder)
    await readRevision(server.url(), { folder })
    expect(await readdir(folder)).toEqual([])
  })

  it("is read with the user and the password of the URL", async () => {
    const server = await gitServer(EMPTY, { secured: true })
    const { source, pass, problems } = sourceOf(server.url("config.git", CREDENTIALS))
    expect((await source.latest()).hexsha).toBe(server.commit)
    const next = await commitTo(server, "LogLevel", "INFO")
    pass(5)
    expect((await source.latest()).hexsha).toBe(next)
    expect(problems).toEqual([])
  })

  it("is found where its host redirects to, and not at another host", async () => {
    const server = await gitServer(EMPTY)
    expect((await readRevision(server.url("moved"))).hexsha).toBe(server.commit)
    await expect(readRevision(server.url("elsewhere"))).rejects.toThrow("leads to another host")
  })
})

describe("a configuration behind git+https that cannot be read", () => {
  const secret = /s3cr|t%3Aken|t:ken/

  it.each([
    ["a wrong password", `${USER}:s3cret@`, "refuses the user or the password of the URL (401)"],
    ["no password", "", "asks for a user and a password (401)"],
  ])("names %s, and does not show it", async (_, credentials, reason) => {
    const server = await gitServer(EMPTY, { secured: true })
    const url = server.url("config.git", credentials)
    const place = `http://127.0.0.1:${server.port}/config.git`
    const { hexsha, problems } = sourceOf(url)
    await expect(hexsha()).rejects.toThrow(UnavailableError)
    expect(problems).toEqual([`ConfigError: ${place} ${reason}`])
    const error = await readRevision(url).catch((error: unknown) => error)
    expect(error).toBeInstanceOf(ConfigError)
    for (let each = error; each instanceof Error; each = each.cause) {
      expect(each.message).not.toMatch(secret)
    }
  })

  it("does not keep what the host says, which may be the password", async () => {
    const server = await gitServer(EMPTY)
    server.echo()
    const error = await readRevision(server.url("config.git", CREDENTIALS)).catch((each) => each)
    expect(String(error)).toMatch(/answers with an error \(500\)$/)
    expect(inspect(error, { depth: Infinity, showHidden: true })).not.toContain(AUTHORIZATION)
  })

  it.each([
    ["?revision=none", /config\.git has no revision none$/],
    ["?revision=0123456789012345678901234567890123456789", /has no revision 0123/],
    ["?revision=01234567", /has no revision 0123/],
    ["/deeper", /deeper is not there, or not for this user \(404\)$/],
  ])("says what is wrong with %s", async (rest, reason) => {
    const server = await gitServer(EMPTY)
    await expect(readRevision(`${server.url()}${rest}`)).rejects.toThrow(reason)
  })

  it("says that a commit has no such file", async () => {
    const server = await gitServer(EMPTY)
    await server.git("rm", "-q", "--cached", "default.yml")
    await server.git("commit", "-q", "-m", "Gone")
    await expect(readRevision(server.url())).rejects.toThrow(
      /default\.yml cannot be read in commit/,
    )
  })

  it("says that the folder for it cannot be written", async () => {
    const server = await gitServer(EMPTY)
    const folder = join(server.folder, "none")
    await expect(readRevision(server.url(), { folder })).rejects.toThrow(
      `http://127.0.0.1:${server.port}/config.git cannot be kept while it is read (ENOENT)`,
    )
  })

  it("says that nothing listens", async () => {
    const server = await gitServer(EMPTY)
    await server.stop()
    await expect(readRevision(server.url())).rejects.toThrow(
      `http://127.0.0.1:${server.port}/config.git cannot be reached (ECONNREFUSED)`,
    )
  })

  it("says that the host does not answer, when its time is over", async () => {
    const server = await gitServer(EMPTY)
    server.hang(true)
    const { hexsha, problems } = sourceOf(server.url(), 50)
    await expect(hexsha()).rejects.toThrow("Configuration is not available")
    expect(problems).toEqual([
      `ConfigError: http://127.0.0.1:${server.port}/config.git did not answer within 0.05 s`,
    ])
    server.hang(false)
    expect(await sourceOf(server.url()).hexsha()).toBe(server.commit)
  })

  it.each([
    ["git+http://user:s3cret@example.org/config.git", /git\+http:\/\/ is for this machine only/],
    ["git+https:///config.git", /has no host/],
    ["git+https://user:%zzs3cret@example.org/config.git", /is not percent-encoded/],
    ["git+ssh://user:s3cret@example.org/config.git", /is read from git\+https:\/\/, /],
    ["git+https://user:s3cret@example.org:port/config.git", /not from what is no URL/],
  ])("is refused at once: %s", (url, reason) => {
    const error = (() => {
      try {
        return configSource(url, { clock: () => START, onProblem: () => undefined })
      } catch (error) {
        return error
      }
    })()
    expect(error).toBeInstanceOf(ConfigError)
    expect(String(error)).toMatch(reason)
    expect(String(error)).not.toMatch(secret)
  })
})

describe("a configuration behind git+https that was read", () => {
  it("outlives a broken commit, and recovers", async () => {
    const server = await gitServer(EMPTY)
    const { source, hexsha, pass, problems } = sourceOf(server.url())
    await hexsha()
    const broken = await server.write(`${EMPTY}Nope: 1\n`)
    for (const _ of [1, 2]) {
      pass(5)
      expect(await hexsha()).toBe(server.commit)
    }
    expect(problems).toEqual(["ConfigError: Nope: Extra inputs are not permitted"])
    expect(source.problem?.()).toBe(
      `Revision ${broken.slice(0, 8)} of the configuration is broken: revision ${server.commit.slice(0, 8)} is served`,
    )
    const next = await server.write(`${EMPTY}LogLevel: INFO\n`)
    pass(5)
    expect(await hexsha()).toBe(next)
    expect(source.problem?.()).toBeUndefined()
  })

  it("outlives a host that is away or hangs, and recovers", async () => {
    const server = await gitServer(EMPTY)
    const { source, hexsha, pass, problems } = sourceOf(server.url(), 1000)
    await hexsha()
    server.hang(true)
    pass(5)
    expect(await hexsha()).toBe(server.commit)
    await expect
      .poll(() => source.problem?.())
      .toBe(
        `The source of the configuration cannot be read: revision ${server.commit.slice(0, 8)} is served`,
      )
    expect(problems).toHaveLength(1)
    server.hang(false)
    const next = await commitTo(server, "LogLevel", "INFO")
    await expect.poll(async () => (pass(5), await hexsha()), { timeout: 5000 }).toBe(next)
    expect(source.problem?.()).toBeUndefined()
  })
})
