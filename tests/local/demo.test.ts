import { mkdtemp, readdir, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, it, onTestFinished } from "vitest"
import { readRevision } from "@spinor/core/config/sources"
import { systemClock } from "@spinor/core/instant"
import { keepDemoConfiguration } from "@spinor/local/demo"

const demo = { idpUrl: "http://127.0.0.1:8000/idp", clock: systemClock }

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "spinor-demo-"))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

const revisionOf = (folder: string) => readRevision(`git+file://${folder}`)

it("several starters make one demo configuration, and leave nothing else behind", async () => {
  const folder = await newFolder()
  const config = join(folder, "config")
  await Promise.all(Array.from({ length: 8 }, () => keepDemoConfiguration(config, demo)))
  expect(Object.keys((await revisionOf(config)).config.Registry)).toEqual(["testvo"])
  expect(await readdir(folder)).toEqual(["config"])
})

it("the next start makes no commit unless the address of the provider has changed", async () => {
  const config = join(await newFolder(), "config")
  await keepDemoConfiguration(config, demo)
  const first = await revisionOf(config)
  await keepDemoConfiguration(config, demo)
  expect((await revisionOf(config)).hexsha).toBe(first.hexsha)
  await keepDemoConfiguration(config, { ...demo, idpUrl: "http://127.0.0.1:9000/idp" })
  const moved = await revisionOf(config)
  expect(moved.config.Registry["testvo"]?.IdP.URL).toBe("http://127.0.0.1:9000/idp")
})
