import { readFile } from "node:fs/promises"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"

const folder = dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"))

/** Reads a file of the API reference page, which Spinor brings instead of calling a CDN. */
export const docsAsset = (name: string): Promise<Buffer> => readFile(join(folder, name))
