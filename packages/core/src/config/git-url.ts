import { fileURLToPath } from "node:url"
import { ConfigError } from "./error.ts"

/** The branch of a configuration unless its URL names another, as in DiracX. */
export const DEFAULT_BRANCH = "master"

/** A branch, a tag, or a commit id: `?revision=main`. */
const revisionOf = ({ searchParams }: URL): string => searchParams.get("revision") ?? DEFAULT_BRANCH

/** The folder and the revision that a `git+file://` URL names. */
export const repositoryAt = (url: URL): { folder: string; revision: string } => ({
  folder: fileURLToPath(`file://${url.host}${url.pathname}`),
  revision: revisionOf(url),
})

/** A git repository behind HTTP, as a `git+https://` URL names it. */
export interface Remote {
  /** Without user, password and options: safe to show. */
  readonly url: string
  readonly revision: string
  /** The value of the header, where the URL has a user or a password; secret. */
  readonly authorization: string | undefined
}

const LOOPBACK = /^(127(\.\d+){3}|\[::1\]|localhost)$/

/**
 * The repository at `git+https://user:token@host/repository.git`; `git+http://` is for this machine only.
 * @throws ConfigError that does not show the URL's secrets
 */
export function remoteAt(location: URL): Remote {
  const url = URL.parse(location.href.replace(/^git\+/, ""))
  if (url === null || location.host === "") throw fault("the URL of the configuration has no host")
  if (url.protocol === "http:" && !LOOPBACK.test(url.hostname)) {
    throw fault(`git+http:// is for this machine only: use git+https:// for ${url.host}`)
  }
  return {
    url: `${url.origin}${url.pathname.replace(/\/+$/, "")}`,
    revision: revisionOf(url),
    authorization: basic(url),
  }
}

function basic({ username, password }: URL): string | undefined {
  if (username === "" && password === "") return undefined
  try {
    const text = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
    return `Basic ${Buffer.from(text).toString("base64")}`
  } catch {
    throw fault("the user or the password in the URL of the configuration is not percent-encoded")
  }
}

const fault = (message: string) => new ConfigError([{ path: "", message }])
