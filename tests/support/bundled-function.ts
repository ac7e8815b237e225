import { execFile } from "node:child_process"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { bundle, type Driver } from "../../functions/bundle/bundle.ts"

/** A function as it is deployed. */
export interface BundledFunction {
  /**
   * Loads it in a process of its own, sends it events one after the other, and ends the process as soon as
   * the last answer is there.
   */
  send(events: readonly unknown[], env: Readonly<Record<string, string>>): Promise<Sent>
  remove(): Promise<void>
}

export interface Sent {
  readonly log: string
  readonly errors: string
  readonly answers: readonly FunctionAnswer[]
}

/** What it gave for an event, or the message with which it failed. */
interface FunctionAnswer {
  readonly answer?: unknown
  readonly failure?: string
  readonly milliseconds: number
}

/** @param name of the module in functions/, without its ending */
export async function bundledFunction(name: string, driver: Driver): Promise<BundledFunction> {
  const folder = await mkdtemp(join(tmpdir(), "spinor-function-"))
  await bundle({ entry: `functions/${name}.ts`, folder, driver })
  const module = JSON.stringify(pathToFileURL(join(folder, `${name}.mjs`)).href)
  return {
    async send(events, env) {
      const script = `const { handler } = await import(${module})
        const answers = []
        for (const event of ${JSON.stringify(events)}) {
          const began = performance.now()
          const outcome = await handler(event).then((answer) => ({ answer }), ({ message: failure }) => ({ failure }))
          answers.push({ ...outcome, milliseconds: performance.now() - began })
        }
        process.stdout.write("\\n" + JSON.stringify(answers), () => process.exit())`
      const parameters = ["--input-type=module", "--eval", script]
      const { promise, resolve } = Promise.withResolvers<{ log: string; errors: string }>()
      execFile(process.execPath, parameters, { env }, (_, log, errors) => resolve({ log, errors }))
      const { log, errors } = await promise
      const answers = errors === "" ? JSON.parse(log.slice(log.lastIndexOf("\n"))) : []
      return { log, errors, answers }
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}
