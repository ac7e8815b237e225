/** `npm run check:infra`: types of the infrastructure against SST's components, and what a deployment would make. */
import { spawnSync } from "node:child_process"
import { installPlatform } from "./install.ts"

const began = performance.now()
await installPlatform()
told("components of SST")
run("types", "tsc", "-p", "infra")
run("what a deployment makes", "vitest", "run", "tests/infra")

function run(name: string, program: string, ...parameters: string[]): void {
  const { status } = spawnSync(program, parameters, { stdio: "inherit" })
  if (status !== 0) process.exit(status ?? 1)
  told(name)
}

function told(name: string): void {
  console.log(`ok after ${((performance.now() - began) / 1000).toFixed(1)} s  ${name}`)
}
