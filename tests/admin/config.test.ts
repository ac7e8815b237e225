import { mkdir, readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { readRevision } from "@spinor/core/config/sources"
import { gitServer, hasGitServer, TOKEN, USER } from "../core/config/git-server.ts"
import { terminal } from "./terminal.ts"

const ADD_VO = "config add-vo cs --vo lhcb --idp-url https://idp.example --idp-client-id spinor"
const ADD_USER = "config add-user cs --vo lhcb --sub 1234 --preferred-username alice"

describe("the configuration of a new installation", () => {
  it("is made, filled and found sound, with commands alone", async () => {
    const { cwd, run } = await terminal()
    const begun = await run("config init cs")
    expect(begun).toMatchObject({ code: 0, err: "" })
    expect(begun.out).toMatch(/^DIRACX_CONFIG_BACKEND_URL=git\+file:\/\/\/.*\/cs\n$/)
    expect(await run(ADD_VO)).toMatchObject({ code: 0, err: "" })
    expect(await run(ADD_USER)).toMatchObject({ code: 0, err: "" })

    const { config, hexsha } = await readRevision(join(cwd, "cs"))
    expect(config.Registry["lhcb"]).toMatchObject({
      IdP: { URL: "https://idp.example", ClientID: "spinor" },
      DefaultGroup: "user",
      Users: { 1234: { PreferedUsername: "alice" } },
      Groups: { user: { Properties: ["NormalUser"], Users: ["1234"] } },
    })
    expect(await run("config check cs")).toEqual({
      code: 0,
      out: `${hexsha.slice(0, 8)} of 2026-11-21T08:00:00Z is sound; VOs: lhcb\n`,
      err: "",
    })
    expect(await readFile(join(cwd, "cs/default.yml"), "utf8")).toContain("# One section a VO")
  })

  it("takes the URL of the repository in place of its folder, and groups by name", async () => {
    const { cwd, run } = await terminal()
    await run("config init cs")
    const url = `git+file://${cwd}/cs`
    await run(`${ADD_VO.replace("cs", url)} --default-group member`)
    await run(`${ADD_USER.replace("cs", url)} --group member`)
    const { config } = await readRevision(url)
    expect(config.Registry["lhcb"]?.Groups["member"]?.Users).toEqual(["1234"])
  })

  it.each([
    ["config init cs", /^error: .*cs is not empty\n$/],
    [ADD_VO, /^error: Registry\.lhcb: The VO exists already\n$/],
    [`${ADD_USER} --group nope`, /^error: Registry\.lhcb\.Groups\.nope: There is no such group\n$/],
    [ADD_USER.replace("lhcb", "x"), /^error: Registry\.x: There is no such VO\n$/],
    [
      ADD_VO.replace(" cs", " none"),
      /^error: .*none is not a git repository with a branch master\n$/,
    ],
    [ADD_VO.replace("https:", "ldap:"), /should be an https:\/\/ URL/],
    [ADD_VO.replace(" cs", " file:///cs"), /^error: only git\+file:\/\/ can be changed/],
    ["config add-vo cs --vo lhcb", /required option '--idp-url <url>' not specified/],
    ["config check none", /^error: .*none is not a git repository with a revision master\n$/],
    ["config check", /^error: name a folder or URL, or set DIRACX_CONFIG_BACKEND_URL\n$/],
    [
      "config check ftp://x/y",
      /^error: a configuration is read from git\+https:\/\/, git\+file:\/\/ or file:\/\//,
    ],
  ])("is not changed by a mistake: %s", async (line, reason) => {
    const { cwd, run } = await terminal()
    await run("config init cs")
    await run(ADD_VO)
    const before = await readRevision(join(cwd, "cs"))
    const { code, err } = await run(line)
    expect(code).toBe(1)
    expect(err).toMatch(reason)
    expect((await readRevision(join(cwd, "cs"))).hexsha).toBe(before.hexsha)
  })
})

describe("config check", () => {
  it("names every fault by its path", async () => {
    const { cwd, run } = await terminal()
    await mkdir(join(cwd, "cs"))
    await writeFile(join(cwd, "cs/default.yml"), "DIRAC: {Nope: 1}\nRegistry: {lhcb: {}}\n")
    const { code, err } = await run(`config check file://${cwd}/cs`)
    expect(code).toBe(1)
    expect(err).toContain("Registry.lhcb.IdP: Field required\n")
    expect(err).toContain("DIRAC.Nope: Extra inputs are not permitted\n")
  })

  it("warns of names that are defined nowhere, and reads the URL of the environment", async () => {
    const variables: Record<string, string> = {}
    const { cwd, run } = await terminal(variables)
    variables["DIRACX_CONFIG_BACKEND_URL"] = `file://${cwd}/default.yml`
    await writeFile(
      join(cwd, "default.yml"),
      "DIRAC: {}\nRegistry: {v: {IdP: {URL: u, ClientID: c}, DefaultGroup: g, Users: {}, Groups: {}}}\n",
    )
    expect(await run("config check")).toMatchObject({
      code: 0,
      err: "warning: Registry.v.DefaultGroup: There is no group g\n",
    })
  })
})

it("config --json prints the variable, the commits, and what was checked", async () => {
  const { cwd, run } = await terminal()
  const json = async (line: string) => JSON.parse((await run(`${line} --json`)).out)
  expect(await json("config init cs")).toEqual({
    DIRACX_CONFIG_BACKEND_URL: `git+file://${cwd}/cs`,
  })
  expect(await json(ADD_VO)).toEqual({ commit: (await readRevision(join(cwd, "cs"))).hexsha })
  const { commit } = await json(ADD_USER)
  expect(await json("config check cs")).toEqual({
    hexsha: commit,
    modified: "2026-11-21T08:00:00.000000Z",
    vos: ["lhcb"],
    warnings: [],
  })
})

it.each(["check", "add-user", "add-vo"])(
  "shows no password of a URL: config %s",
  async (command) => {
    const { run } = await terminal()
    const rest: Record<string, string> = {
      "add-user": "--vo v --sub s --preferred-username n",
      "add-vo": "--vo v --idp-url https://idp.example --idp-client-id c",
    }
    for (const scheme of ["git+ssh", "git+http"]) {
      const url = `${scheme}://robot:s3cret@example.org/config.git`
      const { code, out, err } = await run(`config ${command} ${url} ${rest[command] ?? ""}`.trim())
      expect(code).toBe(1)
      expect(err).toMatch(/^error: /)
      expect(out + err).not.toContain("s3cret")
    }
  },
)

it.skipIf(!hasGitServer)("checks a configuration behind HTTP, and shows no password", async () => {
  const server = await gitServer("DIRAC: {}\nRegistry: {}\n", { secured: true })
  const { run } = await terminal()
  const good = server.url("config.git", `${USER}:${encodeURIComponent(TOKEN)}@`)
  expect(await run(`config check ${good}`)).toEqual({
    code: 0,
    out: `${server.commit.slice(0, 8)} of 2026-11-21T08:00:00Z is sound; VOs: none yet\n`,
    err: "",
  })
  expect(await run(`config check ${server.url("config.git", "robot:s3cret@")}`)).toEqual({
    code: 1,
    out: "",
    err: `error: http://127.0.0.1:${server.port}/config.git refuses the user or the password of the URL (401)\n`,
  })
})
