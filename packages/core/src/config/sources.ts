import { cachedSource } from "./cached-source.ts"
import type { ConfigSource, ConfigSourceOptions, RemoteOptions } from "./config-source.ts"
import { ConfigError } from "./error.ts"
import { remoteAt } from "./git-url.ts"
import { revisionOf, type Newest, type Revision } from "./revision.ts"
import type { ConfigOptions } from "./schema.ts"

/**
 * The configuration at `DIRACX_CONFIG_BACKEND_URL`: `git+https://user:token@host/repository.git` or `git+file://`
 * (`?revision=` names a branch, tag or commit, `master` unless given), or `file://` (a YAML file, or a folder
 * with `default.yml`). A bare path is a git repository.
 * @throws ConfigError when nothing serves the URL; it shows no secret
 */
export function configSource(url: string, options: ConfigSourceOptions): ConfigSource {
  const load = newestOf(url, options)
  let newest: Promise<Newest> | undefined
  return cachedSource(async () => (await (newest ??= load()))(), options)
}

/**
 * The newest revision at such a URL, read once.
 * @throws ConfigError that says what is wrong with it
 */
export async function readRevision(
  url: string,
  options: ConfigOptions & RemoteOptions = {},
): Promise<Revision> {
  const newest = await newestOf(url, options)()
  return revisionOf(await newest(), options)
}

// What reads a source is imported when first asked: git costs 50 ms that no other source should pay.
function newestOf(url: string, options: RemoteOptions): () => Promise<Newest> {
  const location = URL.parse(url.includes("://") ? url : `git+file://${url}`)
  switch (location?.protocol) {
    case "git+https:":
    case "git+http:": {
      const remote = remoteAt(location)
      return async () => (await import("./git-remote.ts")).newestRemoteCommit(remote, options)
    }
    case "git+file:":
      return async () => (await import("./git-repository.ts")).newestCommit(location)
    case "file:":
      return async () => (await import("./file.ts")).newestContent(location)
    default:
      throw new ConfigError([
        {
          path: "",
          message: `a configuration is read from git+https://, git+file:// or file://, not from ${location?.protocol ?? "what is no URL"}`,
        },
      ])
  }
}
