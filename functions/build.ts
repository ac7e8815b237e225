/** `node functions/build.ts --driver mysql2|postgres|planetscale|libsql-http|libsql-file`: bundles the Lambda functions into dist, a folder each. */
import { join } from "node:path"
import { parseArgs } from "node:util"
import { bundle, DRIVERS } from "./bundle/bundle.ts"

const { values } = parseArgs({ options: { driver: { type: "string", default: "mysql2" } } })
const driver = DRIVERS.find((name) => name === values.driver)
if (driver === undefined) {
  console.error(`usage: node functions/build.ts --driver ${DRIVERS.join("|")}`)
  process.exit(2)
}
const root = join(import.meta.dirname, "..")
for (const name of ["api", "migrate", "maintenance", "events"]) {
  const folder = join(root, "dist", name)
  const files = await bundle({ entry: `functions/${name}.ts`, folder, driver })
  for (const [file, { bytes }] of Object.entries(files)) {
    console.log(`${(bytes / 1000).toFixed(1).padStart(8)} kB  ${file}`)
  }
}
