import type { Instant } from "../instant.ts"
import { parseConfig, type Config, type ConfigOptions } from "./schema.ts"

/** One state of the configuration. */
export interface Revision {
  readonly config: Config
  /** The body of `GET /api/config/`, serialised once. */
  readonly json: string
  /** 40 hexadecimal digits: the commit, or a digest of the file. */
  readonly hexsha: string
  /** When it was committed or written. */
  readonly modified: Instant
}

/** What a look at a place that holds configurations finds: the look is cheap, the reading need not be. */
export interface Snapshot {
  readonly hexsha: string
  readonly read: () => Promise<{ readonly text: string; readonly modified: Instant }>
}

/** Finds the newest revision of a place; each scheme of the URL brings one. */
export type Newest = () => Promise<Snapshot>

/** Reads and checks what was found. */
export async function revisionOf(
  { hexsha, read }: Snapshot,
  options: ConfigOptions,
): Promise<Revision> {
  const [{ text, modified }, { readYaml }] = await Promise.all([read(), import("./yaml.ts")])
  const config = parseConfig(readYaml(text), options)
  return { config, json: JSON.stringify(config), hexsha, modified }
}
