import { spawn } from "node:child_process"
import { once } from "node:events"
import { expect, it, onTestFinished } from "vitest"
import { freePort } from "../../support/free-port.ts"
import { liveMegabytes } from "./live-memory.ts"

const PROGRAM = `
let held = Array.from({ length: 20 }, () => Buffer.alloc(1e6))
let words = Array.from({ length: 1e6 }, (_, i) => ({ i }))
process.stdin.on("data", () => { words = held = undefined; console.log("let go") })
console.log("holds")`

it("is what is held, and no longer when it is let go", async () => {
  const inspectPort = await freePort()
  const child = spawn(process.execPath, [`--inspect-port=${inspectPort}`, "--eval", PROGRAM])
  onTestFinished(() => void child.kill())
  await once(child.stdout, "data")
  const inspectable = { pid: child.pid ?? 0, inspectPort }
  const holding = await liveMegabytes(inspectable)
  child.stdin.write("\n")
  await once(child.stdout, "data")
  const after = await liveMegabytes(inspectable)
  expect(holding).toBeGreaterThan(40)
  expect(after).toBeLessThan(15)
})
