import { execFile } from "node:child_process"
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"
import * as git from "isomorphic-git"
import fs from "node:fs"
import { describe, expect, it, onTestFinished } from "vitest"
import { commitConfig, initConfig } from "@spinor/core/config/commit"
import { addUser, addVo, EMPTY_CONFIG } from "@spinor/core/config/edit"
import { instant } from "@spinor/core/instant"

const run = promisify(execFile)
const hasGit = await run("git", ["--version"]).then(
  () => true,
  () => false,
)
const clock = () => instant("2026-11-21T08:00:00Z")

async function repository(text: string): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "spinor-commit-"))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  await initConfig(dir, text, { message: "Begin", clock })
  return dir
}

const lhcb = { vo: "lhcb", idpUrl: "https://idp.example", idpClientId: "id", defaultGroup: "user" }
const alice = { vo: "lhcb", sub: "no", preferredUsername: "alice", groups: [] }

describe("a commit to the configuration", () => {
  it("keeps comments, order and quotes", async () => {
    const text = `# who we are\nOperations: {} # later\nRegistry: {}\nDIRAC:\n  NoSetup: "yes"\n`
    const dir = await repository(text)
    await commitConfig(dir, (document) => addVo(document, lhcb), { message: "Add lhcb", clock })
    const after = await readFile(join(dir, "default.yml"), "utf8")
    expect(after).toMatch(/^# who we are\nOperations: \{\} # later\nRegistry:\n {2}lhcb:\n/)
    expect(after).toContain('DIRAC:\n  NoSetup: "yes"\n')
  })

  it("writes names that YAML would read as something else in quotes", async () => {
    const dir = await repository(EMPTY_CONFIG)
    await commitConfig(
      dir,
      (document) => {
        addVo(document, lhcb)
        addUser(document, alice)
        addUser(document, { ...alice, sub: "0123", preferredUsername: "12:30" })
      },
      { message: "Add", clock },
    )
    const after = await readFile(join(dir, "default.yml"), "utf8")
    expect(after).toContain('"no":')
    expect(after).toContain('"0123":\n        PreferedUsername: "12:30"')
  })

  it("has Spinor as author unless another is given", async () => {
    const dir = await repository(EMPTY_CONFIG)
    const author = { name: "A", email: "a@example.com" }
    await commitConfig(dir, (document) => addVo(document, lhcb), { message: "m", clock, author })
    const log = await git.log({ fs, dir })
    expect(log.map(({ commit }) => [commit.author.name, commit.author.email])).toEqual([
      ["A", "a@example.com"],
      ["Spinor", "spinor@localhost"],
    ])
  })

  it("keeps the other files of the repository, and leaves nothing to commit", async () => {
    const dir = await repository(EMPTY_CONFIG)
    await writeFile(join(dir, "README"), "read me")
    await git.add({ fs, dir, filepath: "README" })
    await git.commit({ fs, dir, message: "m", author: { name: "A", email: "a@example.com" } })
    await commitConfig(dir, (document) => addVo(document, lhcb), { message: "m", clock })
    expect(await git.listFiles({ fs, dir, ref: "HEAD" })).toEqual(["README", "default.yml"])
    const status = await git.statusMatrix({ fs, dir })
    expect(status.map(([, ...state]) => state)).toEqual([
      [1, 1, 1],
      [1, 1, 1],
    ])
  })

  it("is refused when the result is no configuration, and nothing changes", async () => {
    const dir = await repository(EMPTY_CONFIG)
    const before = await git.resolveRef({ fs, dir, ref: "master" })
    const change = commitConfig(dir, (document) => document.set("Nope", 1), { message: "m", clock })
    await expect(change).rejects.toThrow("Nope: Extra inputs are not permitted")
    expect(await git.resolveRef({ fs, dir, ref: "master" })).toBe(before)
    expect(await readFile(join(dir, "default.yml"), "utf8")).toBe(EMPTY_CONFIG)
  })

  it("is refused over changes that somebody has not committed", async () => {
    const dir = await repository(EMPTY_CONFIG)
    await writeFile(join(dir, "default.yml"), `${EMPTY_CONFIG}LogLevel: INFO\n`)
    const change = commitConfig(dir, (document) => addVo(document, lhcb), { message: "m", clock })
    await expect(change).rejects.toThrow("has changes that are not committed")
  })

  it.skipIf(!hasGit)("reaches a bare repository, and git itself reads it", async () => {
    const dir = await repository(EMPTY_CONFIG)
    const bare = join(dir, "bare.git")
    await run("git", ["clone", "-q", "--bare", dir, bare])
    await commitConfig(bare, (document) => addVo(document, lhcb), { message: "m", clock })
    const { stdout } = await run("git", ["show", "master:default.yml"], { cwd: bare })
    expect(stdout).toContain("lhcb:")
  })
})

describe("what is added to the configuration", () => {
  const edited =
    (...edits: Parameters<typeof commitConfig>[1][]) =>
    async () => {
      const dir = await repository(EMPTY_CONFIG)
      for (const edit of edits) await commitConfig(dir, edit, { message: "m", clock })
    }

  it.each([
    [
      "a VO twice",
      edited(
        (d) => addVo(d, lhcb),
        (d) => addVo(d, lhcb),
      ),
      "Registry.lhcb: The VO exists already",
    ],
    ["a user of no VO", edited((d) => addUser(d, alice)), "Registry.lhcb: There is no such VO"],
    [
      "a user of no group",
      edited(
        (d) => addVo(d, lhcb),
        (d) => addUser(d, { ...alice, groups: ["x"] }),
      ),
      "Registry.lhcb.Groups.x: There is no such group",
    ],
    [
      "a user twice",
      edited(
        (d) => addVo(d, lhcb),
        (d) => addUser(d, alice),
        (d) => addUser(d, alice),
      ),
      "Registry.lhcb.Users.no: The user exists already",
    ],
  ])("is not %s", async (_, action, message) => {
    await expect(action()).rejects.toThrow(message)
  })
})
