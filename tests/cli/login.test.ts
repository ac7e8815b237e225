import { once } from "node:events"
import { readFile, stat, writeFile } from "node:fs/promises"
import { createServer } from "node:http"
import { expect, it, onTestFinished } from "vitest"
import { freePort } from "../support/free-port.ts"
import { approve } from "./browser.ts"
import { logIn, place, run, start, useServer } from "./cli.ts"
import { keep, newTokens } from "./credentials.ts"

const server = useServer()
const here = () => place({ SPINOR_URL: server.url })

it("login prints where to approve it and ends when that is done; the credentials are the user's alone", async () => {
  const where = await here()
  const { code, out, err } = await logIn(where, ["testvo", "--group", "admin"])
  expect({ code, err }).toEqual({ code: 0, err: "" })
  expect(out).toMatch(
    /^Open {3}http\S+user_code=(\w+)\nCode {3}\1\nLogged in as alice of testvo, group admin\n$/,
  )
  expect((await stat(where.credentials)).mode & 0o777).toBe(0o600)
  const kept = JSON.parse(await readFile(where.credentials, "utf8"))
  expect(kept).toEqual({
    access_token: expect.any(String),
    refresh_token: expect.any(String),
    expires_on: expect.any(Number),
    url: server.url,
  })
  const fromFile = await run({ ...where, env: { ...where.env, SPINOR_URL: "" } }, ["whoami"])
  expect(fromFile.out).toContain("ServiceAdministrator")
})

it("login --json prints who it is, and what to open on stderr; logout --json what has ended", async () => {
  const where = await here()
  const { child, outcome } = start(where, ["login", "--json"])
  child.stderr.once("data", (chunk: Buffer) => {
    void approve(/http\S+/.exec(chunk.toString())?.[0] ?? "none")
  })
  const { code, out, err } = await outcome
  expect(code).toBe(0)
  expect(err).toMatch(/^Open {3}http\S+\nCode {3}\w+\n$/)
  expect(JSON.parse(out)).toEqual({
    sub: expect.stringMatching(/^testvo:/),
    vo: "testvo",
    dirac_group: "user",
    properties: ["NormalUser"],
    preferred_username: "alice",
  })
  const logOut = async () => JSON.parse((await run(where, ["logout", "--json"])).out)
  expect(await logOut()).toEqual({ was_logged_in: true, revoked: true })
  expect(await logOut()).toEqual({ was_logged_in: false, revoked: false })
})

it.each([
  [["nope"], "error: there is no VO nope; there is: testvo\n"],
  [["--group", "nope"], "error: testvo has no group nope; it has: user, admin, pilot\n"],
])("login %j is a fault of the command line", async (args, err) => {
  expect(await run(await here(), ["login", ...args])).toEqual({ code: 2, out: "", err })
})

it("Ctrl-C ends a login in one line and keeps nothing", async () => {
  const where = await here()
  const { child, outcome } = start(where, ["login"])
  child.stdout.once("data", () => child.kill("SIGINT"))
  expect(await outcome).toMatchObject({ code: 130, err: "Stopped\n" })
  await expect(stat(where.credentials)).rejects.toThrow("ENOENT")
})

it("whoami tells user, group and properties, of a login of DiracX's client too", async () => {
  const where = await here()
  await keep(where, await newTokens(server.url))
  const { code, out } = await run(where, ["whoami"])
  expect(code).toBe(0)
  expect(out).toMatch(/^User +alice\nVO +testvo\nGroup +user\nProperties +NormalUser\n/)
  const { out: json } = await run(where, ["whoami", "--json"])
  expect(JSON.parse(json)).toMatchObject({ preferred_username: "alice", vo: "testvo" })
})

it("several commands at once refresh a login that is about to end only once", async () => {
  const where = await here()
  const tokens = await newTokens(server.url)
  await keep(where, { ...tokens, expires_in: 200 })
  const outcomes = await Promise.all([1, 2, 3, 4].map(() => run(where, ["whoami", "--json"])))
  expect(outcomes.map(({ code, err }) => ({ code, err }))).toEqual(
    outcomes.map(() => ({ code: 0, err: "" })),
  )
  const kept = JSON.parse(await readFile(where.credentials, "utf8"))
  expect(kept.refresh_token).not.toBe(tokens.refresh_token)
  expect(kept.expires_on).toBeGreaterThan(Date.now() / 1000 + 300)
})

it("logout ends the login here and at the service", async () => {
  const where = await here()
  await keep(where, await newTokens(server.url))
  const before = await readFile(where.credentials, "utf8")
  expect(await run(where, ["logout"])).toEqual({ code: 0, out: "Logged out\n", err: "" })
  await expect(stat(where.credentials)).rejects.toThrow("ENOENT")
  expect(await run(where, ["logout"])).toEqual({ code: 0, out: "You are not logged in\n", err: "" })

  await writeFile(where.credentials, before.replace(/"expires_on":\d+/, '"expires_on":1'))
  const { code, err } = await run(where, ["whoami"])
  expect(code).toBe(1)
  expect(err).toMatch(/^error: .*log in with "spinor login"\n$/)
})

it.each([
  ["whoami"],
  ["jobs"],
  ["jobs", "kill", "1"],
  ["jobs", "reschedule", "1"],
  ["jobs", "logs", "1"],
  ["job", "1"],
  ["pilots"],
  ["pilot", "stamp"],
  ["sandbox", "upload", "/"],
  ["sandbox", "download", "1"],
  ["submit", "--json"],
])("%s %s without a login says what to do", async (...args) => {
  expect(await run(await here(), args)).toEqual({
    code: 1,
    out: "",
    err: 'error: you are not logged in: log in with "spinor login"\n',
  })
})

it("a token that the service does not take says what to do", async () => {
  const where = await here()
  await keep(where, { access_token: "a.b.c", refresh_token: "a.b.c", expires_in: 1000 })
  expect(await run(where, ["jobs"])).toEqual({
    code: 1,
    out: "",
    err: 'error: Invalid JWT: log in with "spinor login"\n',
  })
})

it("a service that is away is told in one line", async () => {
  const url = `http://127.0.0.1:${await freePort()}`
  const { code, err } = await run(await place(), ["login", "--url", url])
  expect(code).toBe(1)
  expect(err).toBe(
    `error: cannot reach the service at ${url} (ECONNREFUSED): is it running there? --url or SPINOR_URL name another one\n`,
  )
})

it("a server that is none of ours is told in one line", async () => {
  const other = createServer((_, response) => response.end("<html>"))
  const port = await freePort()
  await once(other.listen(port, "127.0.0.1"), "listening")
  onTestFinished(() => void other.close())
  const { code, err } = await run(await place({ DIRACX_URL: `http://127.0.0.1:${port}` }), [
    "login",
  ])
  expect(code).toBe(1)
  expect(err).toMatch(/^error: the answer is not that of a DiracX or Spinor service.*\n$/)
})

it("a URL that is none is a fault of the command line", async () => {
  const { code, err } = await run(await place({ SPINOR_URL: "localhost" }), ["login"])
  expect({ code, err }).toEqual({
    code: 2,
    err: "error: SPINOR_URL is not an http:// or https:// URL: localhost\n",
  })
})
