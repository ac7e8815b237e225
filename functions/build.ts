/** `node functions/build.ts --driver mysql2|postgres|planetscale|libsql-http|sqlite-file [--into dist]`: bundles the Lambda functions, a folder each. */
import { join } from "node:path"
import { parseArgs } from "node:util"
import { bundle, DRIVERS } from "./bundle/bundle.ts"

const root = join(import.meta.dirname, "..")
const { values } = parseArgs({
  options: {
    driver: { type: "string", default: "mysql2" },
    into: { type: "string", default: join(root, "dist") },
  },
})
const driver = DRIVERS.find((name) => name === values.driver)
if (driver === undefined) {
  console.error(`usage: node functions/build.ts --driver ${DRIVERS.join("|")} [--into FOLDER]`)
  process.exit(2)
}
for (const name of ["api", "migrate", "maintenance", "events"]) {
  const folder = join(values.into, name)
  const files = await bundle({ entry: `functions/${name}.ts`, folder, driver })
  for (const [file, { bytes }] of Object.entries(files)) {
    console.log(`${(bytes / 1000).toFixed(1).padStart(8)} kB  ${file}`)
  }
}
