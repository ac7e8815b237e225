import { readFileSync } from "node:fs"
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it, onTestFinished } from "vitest"
import { startLambda, type Lambda, type LambdaOptions } from "./container.ts"
import { lambdaRunsHere } from "./runtime-client.ts"

/** A container with a function that is the module's text. */
async function containerOf(module: string, options: Partial<LambdaOptions> = {}): Promise<Lambda> {
  const folder = await mkdtemp(join(tmpdir(), "spinor-container-"))
  await writeFile(join(folder, "index.mjs"), module)
  const lambda = await startLambda({ folder, handler: "index.handler", env: {}, ...options })
  onTestFinished(async () => {
    await lambda.stop()
    await rm(folder, { recursive: true })
  })
  return lambda
}

/** The letter of proc_pid_stat(5): S sleeps, T is stopped. */
const stateOf = ({ pid }: Lambda) => /\) (\w)/.exec(readFileSync(`/proc/${pid}/stat`, "utf8"))?.[1]

describe.skipIf(!(await lambdaRunsHere()))("the emulator of Lambda", () => {
  it("a container answers events, one at a time, and is frozen between them", async () => {
    const lambda = await containerOf(`
    let ticks = 0
    setInterval(() => ticks++, 1)
    export const handler = async ({ name }) => {
      console.log("called by", name)
      await new Promise((resolve) => setTimeout(resolve, 20))
      return { name, ticks }
    }`)
    const first = lambda.invoke({ name: "é" })
    await expect(lambda.invoke({})).rejects.toThrow("one event at a time")
    expect(await first).toEqual({ name: "é", ticks: expect.any(Number) })
    await expect.poll(() => stateOf(lambda)).toBe("T")
    expect(await lambda.invoke({ name: "b" })).toMatchObject({ name: "b" })
    expect(lambda.log()).toMatch(/called by é\n.*called by b\n$/)
  })

  it("a function knows until when it has time", async () => {
    const lambda = await containerOf(
      "export const handler = async (_, context) => context.getRemainingTimeInMillis()",
      { timeoutMs: 5000 },
    )
    const left = Number(await lambda.invoke({}))
    expect(left).toBeGreaterThan(4000)
    expect(left).toBeLessThanOrEqual(5000)
  })

  it("a function that takes too long is killed", async () => {
    const endless = "() => new Promise(() => setInterval(() => {}, 1000))"
    const lambda = await containerOf(`export const handler = ${endless}`, { timeoutMs: 100 })
    const expected = { type: "Sandbox.Timedout", message: "Task timed out after 0.10 seconds" }
    await expect(lambda.invoke({})).rejects.toMatchObject(expected)
    await expect(lambda.invoke({})).rejects.toMatchObject(expected)
  })

  it("a function that throws fails, and is called again", async () => {
    const lambda = await containerOf(`
    let calls = 0
    export const handler = async () => {
      if (calls++ === 0) throw new TypeError("not so")
      return calls
    }`)
    await expect(lambda.invoke({})).rejects.toMatchObject({ type: "TypeError", message: "not so" })
    expect(await lambda.invoke({})).toBe(2)
  })

  it("a module that throws fails each event", async () => {
    const lambda = await containerOf('throw new Error("no settings"); export const handler = 1')
    await expect(lambda.invoke({})).rejects.toMatchObject({ type: "Error", message: "no settings" })
    await expect(lambda.invoke({})).rejects.toMatchObject({ message: "no settings" })
  })

  it("a process that ends fails its event, and those after it", async () => {
    const lambda = await containerOf("export const handler = async () => process.exit(3)")
    const expected = {
      type: "Runtime.ExitError",
      message: expect.stringContaining("exit status 3"),
    }
    await expect(lambda.invoke({})).rejects.toMatchObject(expected)
    await expect(lambda.invoke({})).rejects.toMatchObject(expected)
  })

  it("an answer of more than 6 MB fails, the next one does not", async () => {
    // Two bytes are the quotation marks.
    const lambda = await containerOf('export const handler = async (n) => "x".repeat(n - 2)')
    expect(await lambda.invoke(6_291_556)).toHaveLength(6_291_554)
    await expect(lambda.invoke(6_291_557)).rejects.toMatchObject({
      type: "Function.ResponseSizeTooLarge",
    })
    expect(await lambda.invoke(10)).toHaveLength(8)
  })
})
