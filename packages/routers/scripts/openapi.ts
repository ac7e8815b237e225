/** Writes openapi.json: `npm run openapi`. With --check it writes nothing, and fails if it would. */
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { allOperations } from "../src/services.ts"
import { openApiDocument } from "../src/openapi/document.ts"
import manifest from "../package.json" with { type: "json" }

const file = join(import.meta.dirname, "../openapi.json")
const text = `${JSON.stringify(openApiDocument(await allOperations(), manifest.version), undefined, 1)}\n`

if (!process.argv.includes("--check")) writeFileSync(file, text)
else if (readFileSync(file, "utf8") !== text) {
  console.error("openapi.json is not what the operations say: run `npm run openapi`.")
  process.exitCode = 1
}
