import fs from "node:fs"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as git from "isomorphic-git"
import { ConfigError } from "./error.ts"
import { explained, httpTo } from "./git-http.ts"
import type { Remote } from "./git-url.ts"
import { readCommitted } from "./git-repository.ts"
import type { Newest, Snapshot } from "./revision.ts"
import type { RemoteOptions } from "./config-source.ts"

/** A commit that was fetched. */
interface Fetched extends Snapshot {
  /** What the branch or tag named then: the commit, or a tag that points at it. */
  readonly oid: string
}

interface Exchange {
  readonly http: git.HttpClient
  readonly remote: Remote
  /** Where a repository may stand while it is read. */
  readonly folder: string
}

/**
 * A git repository behind HTTP. A look asks what one branch or tag names; only a commit that is new
 * is fetched, without its history.
 */
export function newestRemoteCommit(
  remote: Remote,
  { timeout = 10_000, folder = tmpdir() }: RemoteOptions,
): Newest {
  let ref: string | undefined
  let known: Fetched | undefined
  /** A commit that the URL names by its id stays what it is. */
  let pinned: Fetched | undefined

  async function look(exchange: Exchange): Promise<Fetched> {
    if (pinned) return pinned
    if (/^[\da-f]{40}$/.test(remote.revision)) return (pinned = await fetchCommit(exchange))
    const named = await find(exchange, ref)
    ref = named?.ref
    if (named)
      return named.oid === known?.oid ? known : (known = await fetchRef(exchange, named.ref))
    if (/^[\da-f]{4,39}$/.test(remote.revision)) return (pinned = await fetchCommit(exchange))
    throw noRevision(remote)
  }

  return async () => {
    const signal = AbortSignal.timeout(timeout)
    try {
      return await look({ http: httpTo(remote, signal), remote, folder })
    } catch (error) {
      if (!signal.aborted) throw explained(error, remote)
      throw fault(`${remote.url} did not answer within ${timeout / 1000} s`, signal.reason)
    }
  }
}

/** The branch or tag that the revision means; once it is known, only that one is asked for. */
async function find(
  { http, remote: { url, revision } }: Exchange,
  known: string | undefined,
): Promise<git.ServerRef | undefined> {
  const refs = await git.listServerRefs({
    http,
    url,
    ...(known !== undefined && { prefix: known }),
  })
  // Git's own order of precedence.
  const names = [revision, `refs/${revision}`, `refs/tags/${revision}`, `refs/heads/${revision}`]
  return names.flatMap((name) => refs.find(({ ref }) => ref === name) ?? [])[0]
}

const fetchRef = (exchange: Exchange, ref: string): Promise<Fetched> =>
  inRepository(exchange, async (repository) => {
    const { fetchHead } = await fetchOne(exchange, repository, ref)
    return await readFetched(repository, fetchHead ?? "", exchange.remote)
  })

/** Not every server gives out a commit by its id alone: then all that it has is fetched. */
const fetchCommit = (exchange: Exchange): Promise<Fetched> =>
  inRepository(exchange, async (repository) => {
    const { http, remote } = exchange
    const { revision } = remote
    const alone = revision.length === 40 && fetchOne(exchange, repository, revision)
    const found = await Promise.resolve(alone).catch(() => false)
    if (found === false) await git.fetch({ ...repository, http, tags: true })
    const oid = await git.expandOid({ ...repository, oid: revision }).catch((cause: unknown) => {
      throw noRevision(remote, cause)
    })
    return await readFetched(repository, oid, remote)
  })

type Repository = { fs: typeof fs; gitdir: string; cache: object }

const fetchOne = ({ http }: Exchange, repository: Repository, ref: string) =>
  git.fetch({ ...repository, http, ref, depth: 1, singleBranch: true, tags: false })

/** A file that is missing or not text is the commit's fault, so it comes out only when it is read. */
async function readFetched(repository: Repository, oid: string, { url }: Remote): Promise<Fetched> {
  const { oid: hexsha } = await git.readCommit({ ...repository, oid })
  const file = readCommitted(repository, hexsha, url)
  await file.catch(() => undefined)
  return { oid, hexsha, read: () => file }
}

/** A repository that nobody else may write to, gone once the work is done. */
async function inRepository<Result>(
  { folder, remote: { url } }: Exchange,
  work: (repository: Repository) => Promise<Result>,
): Promise<Result> {
  const gitdir = await mkdtemp(join(folder, "spinor-config-"))
  try {
    await git.init({ fs, gitdir, bare: true })
    await git.addRemote({ fs, gitdir, remote: "origin", url })
    return await work({ fs, gitdir, cache: {} })
  } finally {
    await rm(gitdir, { recursive: true, force: true })
  }
}

const noRevision = ({ url, revision }: Remote, cause?: unknown) =>
  fault(`${url} has no revision ${revision}`, cause)

const fault = (message: string, cause: unknown) =>
  new ConfigError([{ path: "", message }], { cause })
