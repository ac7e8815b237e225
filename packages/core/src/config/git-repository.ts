import fs from "node:fs"
import { stat } from "node:fs/promises"
import { join } from "node:path"
import * as git from "isomorphic-git"
import { instantOfEpoch, type Instant } from "../instant.ts"
import { ConfigError } from "./error.ts"
import { repositoryAt } from "./git-url.ts"
import type { Newest } from "./revision.ts"

/** The file that holds the configuration. */
export const CONFIG_FILE = "default.yml"

/** A local git repository, bare or not: commits are read from its objects, whatever is checked out. */
export function newestCommit(url: URL): Newest {
  const { folder, revision } = repositoryAt(url)
  return async () => {
    const repository = { fs, gitdir: await gitFolder(folder), cache: {} }
    const oid = await commitOf(repository, revision).catch((cause: unknown) => {
      throw fault(`${folder} is not a git repository with a revision ${revision}`, cause)
    })
    return {
      hexsha: oid,
      read: () => readCommitted(repository, oid, folder),
    }
  }
}

/**
 * The configuration that a commit holds, and when it was committed.
 * @throws ConfigError when the commit has no such file
 */
export async function readCommitted(
  repository: { fs: typeof fs; gitdir: string; cache: object },
  oid: string,
  place: string,
): Promise<{ text: string; modified: Instant }> {
  try {
    const { commit } = await git.readCommit({ ...repository, oid })
    const { blob } = await git.readBlob({ ...repository, oid, filepath: CONFIG_FILE })
    return {
      text: Buffer.from(blob).toString(),
      modified: instantOfEpoch(commit.committer.timestamp * 1000),
    }
  } catch (cause) {
    throw fault(`${CONFIG_FILE} cannot be read in commit ${oid} of ${place}`, cause)
  }
}

/** The folder of the objects: `.git` of a checkout, or the folder itself of a bare repository. */
export async function gitFolder(folder: string): Promise<string> {
  const inside = join(folder, ".git")
  const found = await stat(inside).catch(() => undefined)
  return found?.isDirectory() ? inside : folder
}

/** What a branch, a tag, or a commit id (abbreviated or not) names. */
async function commitOf(
  repository: { fs: typeof fs; gitdir: string; cache: object },
  revision: string,
): Promise<string> {
  try {
    return await git.resolveRef({ ...repository, ref: revision })
  } catch (error) {
    if (!/^[\da-f]{4,40}$/.test(revision)) throw error
    return git.expandOid({ ...repository, oid: revision })
  }
}

const fault = (message: string, cause: unknown) =>
  new ConfigError([{ path: "", message }], { cause })
