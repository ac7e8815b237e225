import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setImmediate as turn } from "node:timers/promises"
import { expect, it, onTestFinished, vi } from "vitest"
import { withFileLock } from "@spinor/cli/file-lock"

async function lockFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "spinor-lock-"))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return join(folder, "lock")
}

it("lets one work after the other", async () => {
  const path = await lockFile()
  let [inside, most] = [0, 0]
  const work = async () => {
    most = Math.max(most, ++inside)
    for (let turns = 0; turns < 5; turns++) await turn()
    inside--
  }
  await Promise.all(Array.from({ length: 8 }, () => withFileLock(path, () => turn(), work)))
  expect(most).toBe(1)
})

it("is free again after work that fails", async () => {
  const path = await lockFile()
  const failing = withFileLock(
    path,
    () => turn(),
    () => Promise.reject(new Error("broken")),
  )
  await expect(failing).rejects.toThrow("broken")
  expect(
    await withFileLock(
      path,
      () => Promise.reject(new Error("waits")),
      async () => "free",
    ),
  ).toBe("free")
})

it("takes away a lock that nobody has held for so long, and not before", async () => {
  vi.useFakeTimers({ toFake: ["performance"] })
  onTestFinished(() => void vi.useRealTimers())
  const path = await lockFile()
  await writeFile(path, "")
  let waited = 0
  const pause = async () => {
    waited += 1
    vi.advanceTimersByTime(1000)
    await turn()
  }
  expect(await withFileLock(path, pause, async () => "taken")).toBe("taken")
  expect(waited).toBeGreaterThanOrEqual(20)
  expect(waited).toBeLessThan(25)
})
