import { cp, readFile } from "node:fs/promises"
import { join } from "node:path"
import type { Plugin } from "esbuild"

const MIGRATIONS = join(import.meta.dirname, "../../packages/db/migrations")
const BESIDE = "migrations"

/** Lays the SQL of migrations beside a function that runs them, and lets it look for it there. */
export const migrationFiles = (folder: string): Plugin => ({
  name: "files of migrations",
  setup(build) {
    build.onLoad(
      { filter: /\/packages\/db\/src\/sql\/migrations\/files\.ts$/ },
      async ({ path }) => {
        await cp(MIGRATIONS, join(folder, BESIDE), { recursive: true, filter: isNeeded })
        const text = await readFile(path, "utf8")
        return { contents: text.replace('"../../../migrations"', `"${BESIDE}"`), loader: "ts" }
      },
    )
  },
})

/** Snapshots are for who writes migrations. */
const isNeeded = (path: string): boolean => !path.endsWith(".json")
