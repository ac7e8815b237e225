import { randomUUID } from "node:crypto"
import { rm, readFile } from "node:fs/promises"
import { createRequire } from "node:module"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import type * as Esbuild from "esbuild"
import { PLATFORM, PROVIDERS, ROOT } from "./places.ts"

const CONFIG = join(ROOT, "sst.config.ts")

/** CommonJS within the platform asks for these. */
const BANNER = `import { createRequire as makeRequire } from "node:module"
import { dirname as folderOf } from "node:path"
import { fileURLToPath as pathOf } from "node:url"
const require = makeRequire(import.meta.url), __filename = pathOf(import.meta.url), __dirname = folderOf(__filename);`

const EXTERNAL = [
  "@pulumi/*",
  "@pulumiverse/*",
  "@sst-provider/*",
  "@aws-sdk/*",
  "undici",
  "esbuild",
  "archiver",
  "glob",
  "vite",
]

/** What is installed with SST's platform. */
export const requireOfPlatform = createRequire(join(PLATFORM, "package.json"))

/** What `app()` of sst.config.ts says, with what SST adds. */
export interface App {
  name: string
  stage: string
  home: string
  removal: string
  protect: boolean
  providers: Record<string, object>
}

/** Evaluates `app()` of sst.config.ts, in which nothing of SST is there yet. */
export async function readApp(stage: string): Promise<App> {
  const config = (await load({
    source: `export { default } from ${JSON.stringify(CONFIG)}`,
    banner: "globalThis.$config = (config) => config;",
  })) as { app(input: object): Partial<App> | Promise<Partial<App>> }
  const said = await config.app({ stage })
  return {
    name: "",
    removal: "retain",
    protect: false,
    home: "aws",
    ...said,
    stage,
    providers: { aws: {} },
  }
}

/** `run()` of sst.config.ts within SST, bundled as its command line does. */
export async function loadProgram(
  app: App,
  work: string,
): Promise<() => Promise<Record<string, unknown>>> {
  const providers = JSON.parse(await readFile(PROVIDERS, "utf8")) as {
    alias: string
    package: string
  }[]
  const globals = [
    ...providers.map(({ alias, package: name }) => `import * as ${alias} from "${name}"`),
    `import * as sst from ${JSON.stringify(join(PLATFORM, "src/components"))}`,
  ].join("\n")
  const paths = { root: ROOT, platform: PLATFORM, work, home: work }
  const run = await load({
    source: `import { run } from ${JSON.stringify(join(PLATFORM, "src/auto/run.ts"))}
      import config from ${JSON.stringify(CONFIG)}
      export default () => run(config.run)`,
    define: {
      $app: JSON.stringify(app),
      $dev: "false",
      $cli: JSON.stringify({ command: "deploy", dev: false, paths, state: { version: {} } }),
    },
    inject: [join(PLATFORM, "src/shim/run.js")],
    plugins: [withGlobals(globals)],
  })
  return run as () => Promise<Record<string, unknown>>
}

/** Our files use SST's names without importing them. */
const withGlobals = (globals: string): Esbuild.Plugin => ({
  name: "globals of SST",
  setup(build) {
    build.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      if (path.includes("/.sst/") || path.includes("/node_modules/")) return undefined
      return { contents: `${globals}\n${await readFile(path, "utf8")}`, loader: "ts" }
    })
  },
})

interface Source extends Pick<Esbuild.BuildOptions, "define" | "inject" | "plugins"> {
  readonly source: string
  readonly banner?: string
}

/** Bundles a module and imports its default export; beside the platform, whose Pulumi it shares. */
async function load({ source, banner = "", ...options }: Source): Promise<unknown> {
  const { build } = requireOfPlatform("esbuild") as typeof Esbuild
  const outfile = join(PLATFORM, `synthesis.${randomUUID()}.mjs`)
  await build({
    ...options,
    stdin: { contents: source, resolveDir: ROOT, loader: "ts" },
    outfile,
    banner: { js: `${BANNER}\n${banner}` },
    bundle: true,
    format: "esm",
    platform: "node",
    mainFields: ["module", "main"],
    nodePaths: [join(PLATFORM, "node_modules")],
    external: EXTERNAL,
    logLevel: "silent",
  })
  try {
    return ((await import(pathToFileURL(outfile).href)) as { default: unknown }).default
  } finally {
    await rm(outfile)
  }
}
