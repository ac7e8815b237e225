import { rm } from "node:fs/promises"
import { join } from "node:path"
import { build, type Metafile } from "esbuild"
import { migrationFiles } from "./migration-files.ts"
import { otherDrivers, otherEncodings, rdsCertificates } from "./left-out.ts"

/** The drivers of which a function carries one. */
export const DRIVERS = ["mysql2", "postgres", "planetscale", "libsql-http", "sqlite-file"] as const
export type Driver = (typeof DRIVERS)[number]

export interface BundleOptions {
  /** The module that is loaded first, from the root of the project: "functions/api.ts". */
  readonly entry: string
  /** Is emptied first. */
  readonly folder: string
  readonly driver: Driver
}

/** The written files, with their sizes in bytes and what is in them. */
export type Bundled = Metafile["outputs"]

/**
 * Writes a module and all that it imports as a Lambda function of Node 24, minified. What is
 * imported dynamically becomes a file of its own, loaded when first needed.
 */
export async function bundle({ entry, folder, driver }: BundleOptions): Promise<Bundled> {
  await rm(folder, { recursive: true, force: true })
  const { metafile } = await build({
    entryPoints: [entry],
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    absWorkingDir: join(import.meta.dirname, "../.."),
    platform: "node",
    target: "node24",
    format: "esm",
    bundle: true,
    splitting: true,
    minify: true,
    legalComments: "none",
    metafile: true,
    // CommonJS packages such as mysql2 ask for parts of Node with `require`, which few files need.
    banner: {
      js: 'let requireOnce;const require=id=>(requireOnce??=process.getBuiltinModule("module").createRequire(import.meta.url))(id);',
    },
    // Under the condition "node" two of these are CommonJS, of which nothing can be left out; the
    // modules of the third ask for gRPC by a name that is only looked up when they run.
    alias: {
      "isomorphic-git": "./node_modules/isomorphic-git/index.js",
      yaml: "./node_modules/yaml/browser/index.js",
      "@opentelemetry/otlp-grpc-exporter-base":
        "./node_modules/@opentelemetry/otlp-grpc-exporter-base/dist/index.cjs",
    },
    plugins: [otherDrivers(driver), otherEncodings, rdsCertificates, migrationFiles(folder)],
  })
  return metafile.outputs
}
