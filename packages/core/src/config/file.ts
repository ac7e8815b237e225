import { createHash } from "node:crypto"
import { readFile, stat } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { instantOfEpoch } from "../instant.ts"
import type { Newest } from "./revision.ts"

/** A YAML file, or a folder with `default.yml`; each content of it is a revision. */
export function newestContent(url: URL): Newest {
  const path = fileURLToPath(url)
  return async () => {
    const file = (await stat(path)).isDirectory() ? join(path, "default.yml") : path
    const [content, { mtimeMs }] = await Promise.all([readFile(file), stat(file)])
    return {
      hexsha: createHash("sha256").update(content).digest("hex").slice(0, 40),
      read: async () => ({
        text: content.toString(),
        modified: instantOfEpoch(Math.floor(mtimeMs)),
      }),
    }
  }
}
