/**
 * `node tests/infra/synthesis/main.ts STAGE FOLDER`: evaluates sst.config.ts against SST's components and writes what a
 * deployment would make, with no engine, no provider and no network. A process of its own, as much of it is global.
 */
import { writeFile } from "node:fs/promises"
import { createRequire } from "node:module"
import { join } from "node:path"
import { startCommandLine } from "./command-line.ts"
import { computed } from "./computed.ts"
import { lookUp } from "./lookups.ts"
import { loadProgram, readApp, requireOfPlatform } from "./program.ts"
import { REGION, type BuiltFunction, type Resource, type Synthesis } from "./synthesis.ts"

/** A request of a program to Pulumi's engine, of which SST's tests know less than we need. */
interface Registration {
  getType(): string
  getName(): string
  getProtect(): boolean
  getRetainondelete(): boolean
  getDependenciesList(): string[]
}

interface Pulumi {
  readonly runtime: {
    setMocks(mocks: object, project: string, stack: string, preview: boolean): Promise<void>
    runInPulumiStack(program: () => Promise<void>): Promise<void>
    disconnect(): Promise<void>
  }
  output(value: unknown): { apply(use: (value: unknown) => unknown): unknown }
}

interface Monitor {
  prototype: {
    newUrn(parent: string | undefined, type: string, name: string): string
    registerResource: (this: unknown, request: Registration, done: unknown) => unknown
  }
}

const [stage = "", folder = ""] = process.argv.slice(2)
const app = await readApp(stage)
const work = join(folder, "work")

const functions: BuiltFunction[] = []
const commandLine = await startCommandLine(functions)
process.env["SST_SERVER"] = commandLine.url
process.env["SST_AWS_REGION"] = REGION

const pulumi = requireOfPlatform("@pulumi/pulumi") as Pulumi
const { MockMonitor } = requireOfPlatform("@pulumi/pulumi/runtime/mocks") as {
  MockMonitor: Monitor
}
const options = noteOptions(MockMonitor)
const resources: Pick<Resource, "type" | "name" | "inputs">[] = []
await pulumi.runtime.setMocks(
  {
    newResource({
      type,
      name,
      inputs,
    }: {
      type: string
      name: string
      inputs: Resource["inputs"]
    }) {
      resources.push({ type, name, inputs })
      return computed(type, name, inputs)
    },
    call: ({ token, inputs }: { token: string; inputs: Resource["inputs"] }) =>
      lookUp(token, inputs),
  },
  app.name,
  stage,
  false,
)

// What goes wrong while values arrive is thrown to nobody, who would wait for it for ever.
process.on("unhandledRejection", (failure) => {
  console.error(failure)
  process.exit(1)
})
// Names end with random letters.
const crypto = createRequire(import.meta.url)("node:crypto") as {
  randomBytes(size: number): Buffer
}
crypto.randomBytes = (size) => Buffer.alloc(size, 1)

const program = await loadProgram(app, work)
let outputs: Record<string, unknown> = {}
await pulumi.runtime.runInPulumiStack(async () => {
  outputs = await program()
})
await pulumi.runtime.disconnect()
commandLine.stop()

const synthesis: Synthesis = {
  app,
  resources: resources.map((each) => ({ ...each, ...options(each) })),
  functions,
  outputs: await valuesOf(outputs),
}
await writeFile(join(folder, "stage.json"), JSON.stringify(synthesis))
process.exit()

/** Mocks are not told of the options of resources; what the program asks the engine is. */
function noteOptions(monitor: Monitor) {
  const noted = new Map<string, Pick<Resource, "protect" | "retainOnDelete" | "dependencies">>()
  const register = monitor.prototype.registerResource
  monitor.prototype.registerResource = function (request, done) {
    noted.set(`${request.getType()} ${request.getName()}`, {
      protect: request.getProtect(),
      retainOnDelete: request.getRetainondelete(),
      dependencies: request.getDependenciesList(),
    })
    return register.call(this, request, done)
  }
  // The engine leaves out the stack, from which SST tells the types of linked resources.
  monitor.prototype.newUrn = (parent, type, name) => {
    const above = parent?.split("::")[2]
    const qualified =
      above === undefined || above === "pulumi:pulumi:Stack" ? type : `${above}$${type}`
    return `urn:pulumi:${stage}::${app.name}::${qualified}::${name}`
  }
  return ({ type, name }: Pick<Resource, "type" | "name">) =>
    noted.get(`${type} ${name}`) ?? { protect: false, retainOnDelete: false, dependencies: [] }
}

async function valuesOf(outputs: Record<string, unknown>): Promise<Record<string, unknown>> {
  const values = Object.entries(outputs).map(
    ([name, value]) =>
      new Promise<[string, unknown]>((resolve) => {
        pulumi.output(value).apply((known) => resolve([name, known]))
      }),
  )
  return Object.fromEntries(await Promise.all(values))
}
