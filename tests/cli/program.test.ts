import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { expect, it } from "vitest"
import { place, run } from "./cli.ts"

it("--version tells the package's", async () => {
  const text = await readFile(join(import.meta.dirname, "../../packages/cli/package.json"), "utf8")
  expect(await run(await place(), ["--version"])).toEqual({
    code: 0,
    out: `${JSON.parse(text).version}\n`,
    err: "",
  })
})

it.each(["login", "submit", "jobs", "job", "pilots", "pilot"])(
  "%s --help has examples",
  async (command) => {
    const { code, out } = await run(await place(), [command, "--help"])
    expect(code).toBe(0)
    expect(out).toContain(`Usage: spinor ${command} `)
    expect(out).toContain(`Examples:\n  $ spinor ${command}`)
  },
)

it.each([
  ["jobs", "kill"],
  ["jobs", "reschedule"],
  ["jobs", "logs"],
  ["jobs", "parameters"],
  ["pilots", "logs"],
])("%s %s --help has examples", async (list, command) => {
  const { code, out } = await run(await place(), [list, command, "--help"])
  expect(code).toBe(0)
  expect(out).toContain(`Usage: spinor ${list} ${command} `)
  expect(out).toContain(`Examples:\n  $ spinor ${list} ${command}`)
})

it("--help lists the commands of users and operators", async () => {
  const { out } = await run(await place(), ["--help"])
  for (const name of [
    "login",
    "logout",
    "whoami",
    "submit",
    "jobs",
    "job",
    "pilots",
    "pilot",
    "sandbox",
    "keys",
    "config",
    "db",
    "os",
  ]) {
    expect(out).toMatch(new RegExp(`^  ${name}( |$)`, "m"))
  }
})

it.each([[[]], [["nope"]], [["keys"]]])("%j is a fault of the command line", async (args) => {
  expect(await run(await place(), args)).toMatchObject({ code: 2, out: "" })
})

it("an operator's command runs, and fails in one line", async () => {
  expect((await run(await place(), ["keys", "state"])).code).toBe(0)
  const { code, err } = await run(await place(), ["db", "migrate", "--database", "Nope"])
  expect(code).toBe(1)
  expect(err).toMatch(/^error: no database Nope; .*\n$/)
})

it("colours come only where they are asked for", async () => {
  const plain = await run(await place(), ["logout"])
  expect(plain.out).toBe("You are not logged in\n")
  const { out } = await run(await place({ NO_COLOR: "1", FORCE_COLOR: "" }), ["--help"])
  expect(out).not.toContain("\u001b")
})
