import { readFile, stat, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { loadKeystore, parseKeystore } from "@spinor/core/security/keystore"
import { parseStateKey } from "@spinor/core/security/state-key"
import { terminal } from "./terminal.ts"

describe("keys generate", () => {
  it("prints a keystore with which the service can sign", async () => {
    const { run } = await terminal()
    const { code, out } = await run("keys generate")
    expect(code).toBe(0)
    expect(parseKeystore(out).signingKey).toMatchObject({
      algorithm: "Ed25519",
      kid: expect.stringMatching(/^[\da-f]{32}$/),
    })
  })

  it.each([
    ["EdDSA", "Ed25519"],
    ["RS256", "RS256"],
  ])("makes a key for %s that signs with %s", async (name, algorithm) => {
    const { run } = await terminal()
    const { out } = await run(`keys generate --algorithm ${name}`)
    expect(parseKeystore(out).signingKey.algorithm).toBe(algorithm)
  })

  it("writes a file that only its owner reads, and prints the variable that names it", async () => {
    const { cwd, run } = await terminal()
    const { out } = await run("keys generate --out secrets/jwks.json")
    expect((await stat(join(cwd, "secrets/jwks.json"))).mode & 0o777).toBe(0o600)
    const [name, value = ""] = out.trim().split("=")
    expect(name).toBe("DIRACX_SERVICE_AUTH_TOKEN_KEYSTORE")
    expect((await loadKeystore(value)).publicKeys.keys).toHaveLength(1)
  })

  it("overwrites a file only by force", async () => {
    const { cwd, run } = await terminal()
    const file = join(cwd, "jwks.json")
    await writeFile(file, "precious", { mode: 0o644 })
    const refused = await run("keys generate --out jwks.json")
    expect(refused).toMatchObject({ code: 1, out: "" })
    expect(refused.err).toMatch(/^error: .*jwks\.json exists: /)
    expect(await readFile(file, "utf8")).toBe("precious")
    expect(await run("keys generate --out jwks.json --force")).toMatchObject({ code: 0, err: "" })
    expect((await loadKeystore(file)).publicKeys.keys).toHaveLength(1)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
  })

  it("does not know other algorithms", async () => {
    const { run } = await terminal()
    const { code, err } = await run("keys generate --algorithm none")
    expect(code).toBe(1)
    expect(err).toContain("Allowed choices are Ed25519, EdDSA, RS256")
  })
})

describe("keys rotate", () => {
  it("adds a signing key of the same algorithm; the older one verifies", async () => {
    const { cwd, run } = await terminal()
    const file = join(cwd, "jwks.json")
    await run("keys generate --algorithm RS256 --out jwks.json")
    const before = (await loadKeystore(file)).signingKey.kid
    const { code, out } = await run("keys rotate jwks.json")
    const keystore = await loadKeystore(file)
    expect(code).toBe(0)
    expect(keystore.signingKey.algorithm).toBe("RS256")
    expect(keystore.signingKey.kid).not.toBe(before)
    expect(keystore.verificationKey(before, "RS256")?.kid).toBe(before)
    expect(out).toBe(
      `${keystore.signingKey.kid} signs from the next start of the service on; ${before} goes on verifying\n`,
    )
    expect((await stat(file)).mode & 0o777).toBe(0o600)
  })

  it.each([
    ["none.json", "no such file"],
    ["broken.json", "the keystore is not JSON"],
  ])("says in one line what is wrong with %s", async (name, reason) => {
    const { cwd, run } = await terminal()
    await writeFile(join(cwd, "broken.json"), "{")
    const { code, err } = await run(`keys rotate ${name}`)
    expect(code).toBe(1)
    expect(err).toMatch(new RegExp(`^error: .*${reason}.*\n$`))
  })
})

it("keys --json prints variables, and the keys that sign and verify", async () => {
  const { cwd, run } = await terminal()
  const json = async (line: string) => JSON.parse((await run(`${line} --json`)).out)
  const { DIRACX_SERVICE_AUTH_TOKEN_KEYSTORE: url } = await json("keys generate --out jwks.json")
  const before = (await loadKeystore(url)).signingKey.kid
  const rotated = await json("keys rotate jwks.json")
  const signs = (await loadKeystore(join(cwd, "jwks.json"))).signingKey.kid
  expect(rotated).toEqual({ signs, verifies: before })
  const { DIRACX_SERVICE_AUTH_STATE_KEY: key } = await json("keys state")
  expect(parseStateKey(key).signing).toHaveLength(16)
  expect((await json("keys generate")).keys).toHaveLength(1)
})

it("keys state prints a state key", async () => {
  const { run } = await terminal()
  const { out } = await run("keys state")
  expect(parseStateKey(out).signing).toHaveLength(16)
})
