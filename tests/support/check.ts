/** `npm run check`: all that needs neither network nor services. Each check has a line; one that fails shows what it said. */
import { spawn } from "node:child_process"
import { existsSync } from "node:fs"
import { availableParallelism } from "node:os"

type Check = { name: string; command: [program: string, ...parameters: string[]] }

/** The slow ones first: they run side by side. */
const checks: Check[] = [
  { name: "lint and layers", command: ["oxlint", "--deny-warnings"] },
  { name: "unused code", command: ["knip"] },
  { name: "types", command: ["tsc"] },
  { name: "contract drift", command: ["node", "packages/routers/scripts/openapi.ts", "--check"] },
  { name: "migration drift", command: ["node", "packages/db/scripts/migrations.ts", "--check"] },
  { name: "format", command: ["oxfmt", "--check", "."] },
]

const isWritten = ({ command: [program, file = ""] }: Check) =>
  program !== "node" || existsSync(file)
const waiting = checks.filter(isWritten)
for (const check of checks) if (!isWritten(check)) console.log(`none          ${check.name}`)
await Promise.all(Array.from({ length: availableParallelism() }, takeTurns))

async function takeTurns(): Promise<void> {
  for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
    const began = performance.now()
    const { passed, output } = await run(check)
    const seconds = ((performance.now() - began) / 1000).toFixed(1).padStart(5)
    console.log(`${passed ? "ok  " : "FAIL"} ${seconds} s  ${check.name}`)
    if (passed) continue
    console.log(output)
    process.exitCode = 1
  }
}

function run({
  command: [program, ...parameters],
}: Check): Promise<{ passed: boolean; output: string }> {
  const { promise, resolve } = Promise.withResolvers<{ passed: boolean; output: string }>()
  const child = spawn(program, parameters, { stdio: ["ignore", "pipe", "pipe"] })
  let output = ""
  const collect = (chunk: string) => (output += chunk)
  child.stdout.setEncoding("utf8").on("data", collect)
  child.stderr.setEncoding("utf8").on("data", collect)
  child.on("error", ({ message }) => resolve({ passed: false, output: message }))
  child.on("close", (code) => resolve({ passed: code === 0, output }))
  return promise
}
