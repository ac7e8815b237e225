import { UnavailableError } from "../errors.ts"
import { epochMilliseconds, type Clock, type Instant } from "../instant.ts"
import { ConfigError } from "./error.ts"
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

/** Where the configuration comes from; `configSource` makes one of a URL. */
export interface ConfigSource {
  /**
   * The revision in force, at most 5 s behind its source.
   * @throws UnavailableError while no revision could ever be read
   */
  latest(): Promise<Revision>
}

export interface ConfigSourceOptions extends ConfigOptions {
  readonly clock: Clock
  /** Told when the source cannot be read or a revision is broken, once until that changes. */
  readonly onProblem: (error: unknown) => void
}

/** What a look at a place that holds configurations finds: the look is cheap, the reading need not be. */
export interface Snapshot {
  readonly hexsha: string
  readonly read: () => Promise<{ readonly text: string; readonly modified: Instant }>
}

/** Finds the newest revision of a place; each scheme of the URL brings one. */
export type Newest = () => Promise<Snapshot>

/** For so long the last look at the source is believed. */
const FRESH_MILLISECONDS = 2000
/** For so long the last revision is served while a look is under way; afterwards the look is awaited. */
const USABLE_MILLISECONDS = 4500

/**
 * The configuration at `DIRACX_CONFIG_BACKEND_URL`: `git+file://` (`?revision=` names a branch, tag or commit,
 * `master` unless given) or `file://` (a YAML file, or a folder with `default.yml`). A bare path is a git repository.
 * @throws ConfigError when nothing serves the URL
 */
export function configSource(url: string, options: ConfigSourceOptions): ConfigSource {
  const load = newestOf(url)
  let newest: Promise<Newest> | undefined
  return cachedSource(async () => (await (newest ??= load()))(), options)
}

/**
 * The newest revision at such a URL, read once.
 * @throws ConfigError that says what is wrong with it
 */
export async function readRevision(url: string, options: ConfigOptions = {}): Promise<Revision> {
  const newest = await newestOf(url)()
  return revisionOf(await newest(), options)
}

// What reads a source is imported when first asked: git costs 50 ms that no other source should pay.
function newestOf(url: string): () => Promise<Newest> {
  const location = URL.parse(url.includes("://") ? url : `git+file://${url}`)
  switch (location?.protocol) {
    case "git+file:":
      return async () => (await import("./git-repository.ts")).newestCommit(location)
    case "file:":
      return async () => (await import("./file.ts")).newestContent(location)
    default:
      throw new ConfigError([
        {
          path: "",
          message: `a configuration is read from git+file:// or file://, not from ${url}`,
        },
      ])
  }
}

/** Serves the newest sound revision from memory, looking for a newer one in the background. */
export function cachedSource(
  newest: Newest,
  { clock, onProblem, ...options }: ConfigSourceOptions,
): ConfigSource {
  let current: Revision | undefined
  let lookedAt = Number.NEGATIVE_INFINITY
  let look: Promise<void> | undefined
  let brokenRevision: string | undefined
  let problem: string | undefined

  async function refresh(startedAt: number): Promise<void> {
    let snapshot: Snapshot | undefined
    try {
      snapshot = await newest()
      if (snapshot.hexsha === brokenRevision) return
      if (snapshot.hexsha !== current?.hexsha) current = await revisionOf(snapshot, options)
      brokenRevision = problem = undefined
    } catch (error) {
      if (error instanceof ConfigError) brokenRevision = snapshot?.hexsha
      if (String(error) !== problem) onProblem(error)
      problem = String(error)
    } finally {
      lookedAt = startedAt
      look = undefined
    }
  }

  return {
    async latest() {
      const now = epochMilliseconds(clock())
      const age = now - lookedAt
      if (current && age < FRESH_MILLISECONDS) return current
      look ??= refresh(now)
      if (!current || age >= USABLE_MILLISECONDS) await look
      if (!current) throw new UnavailableError("Configuration is not available")
      return current
    },
  }
}

async function revisionOf({ hexsha, read }: Snapshot, options: ConfigOptions): Promise<Revision> {
  const [{ text, modified }, { readYaml }] = await Promise.all([read(), import("./yaml.ts")])
  const config = parseConfig(readYaml(text), options)
  return { config, json: JSON.stringify(config), hexsha, modified }
}
