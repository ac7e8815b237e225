import fs from "node:fs"
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises"
import { dirname, join } from "node:path"
import * as git from "isomorphic-git"
import type { Document } from "yaml"
import { epochMilliseconds, type Clock } from "../instant.ts"
import { ConfigError } from "./error.ts"
import { CONFIG_FILE, gitFolder } from "./git-repository.ts"
import { DEFAULT_BRANCH } from "./git-url.ts"
import { parseConfig } from "./schema.ts"
import { readDocument, readYaml } from "./yaml.ts"

export interface CommitOptions {
  readonly message: string
  readonly clock: Clock
  /** A branch; `master` unless given. */
  readonly branch?: string
  readonly author?: { readonly name: string; readonly email: string }
}

/**
 * Changes `default.yml` on a branch of a local git repository, bare or checked out, in one commit; comments and
 * order stay. Nothing is written when the result is not a configuration.
 * @returns the new commit; the last one if nothing changes
 * @throws ConfigError when the result is not sound, or the checked-out file has changes of its own
 */
export async function commitConfig(
  folder: string,
  edit: (document: Document) => void,
  options: CommitOptions,
): Promise<string> {
  const repository = await openBranch(folder, options.branch ?? DEFAULT_BRANCH)
  const { text: before, oid } = await repository.read()
  const written = await readFile(join(folder, CONFIG_FILE), "utf8").catch(() => undefined)
  if (repository.checkedOut && written !== before) {
    throw fault(`${CONFIG_FILE} in ${folder} has changes that are not committed`)
  }
  const document = readDocument(before)
  const unchanged = document.toString({ lineWidth: 0 })
  edit(document)
  const after = document.toString({ lineWidth: 0 })
  parseConfig(readYaml(after))
  return after === unchanged ? oid : repository.write(after, options)
}

/**
 * Makes a repository whose first commit holds that text as `default.yml`: whole or not at all, as another
 * starter may be at it, or this one may be killed.
 * @throws ConfigError when the folder is not empty
 */
export async function initConfig(
  folder: string,
  text: string,
  options: CommitOptions,
): Promise<string> {
  parseConfig(readYaml(text))
  const branch = options.branch ?? DEFAULT_BRANCH
  await mkdir(dirname(folder), { recursive: true })
  const aside = await mkdtemp(`${folder}.`)
  try {
    await git.init({ fs, dir: aside, defaultBranch: branch })
    const commit = await (await openBranch(aside, branch)).write(text, options)
    await rename(aside, folder)
    return commit
  } catch (cause) {
    await rm(aside, { recursive: true, force: true })
    const isThere = cause instanceof Error && "code" in cause && cause.code === "ENOTEMPTY"
    throw isThere ? fault(`${folder} is not empty`) : cause
  }
}

async function openBranch(folder: string, branch: string) {
  const gitdir = await gitFolder(folder)
  const repository = { fs, gitdir, cache: {} }
  const ref = `refs/heads/${branch}`
  const head = await git.resolveRef({ ...repository, ref }).catch(() => undefined)
  const current = await git.currentBranch(repository).catch(() => undefined)
  const checkedOut = gitdir !== folder && current === branch
  return {
    checkedOut: checkedOut && head !== undefined,
    async read(): Promise<{ text: string; oid: string }> {
      if (head === undefined)
        throw fault(`${folder} is not a git repository with a branch ${branch}`)
      const { blob } = await git.readBlob({ ...repository, oid: head, filepath: CONFIG_FILE })
      return { text: Buffer.from(blob).toString(), oid: head }
    },
    async write(text: string, { message, clock, author }: CommitOptions): Promise<string> {
      const oid = await git.writeBlob({ ...repository, blob: Buffer.from(text) })
      const kept = head === undefined ? [] : (await git.readTree({ ...repository, oid: head })).tree
      const tree = await git.writeTree({
        ...repository,
        tree: [
          ...kept.filter(({ path }) => path !== CONFIG_FILE),
          { path: CONFIG_FILE, mode: "100644", oid, type: "blob" },
        ],
      })
      const commit = await git.commit({
        ...repository,
        ref,
        message,
        tree,
        parent: head === undefined ? [] : [head],
        author: {
          ...(author ?? { name: "Spinor", email: "spinor@localhost" }),
          timestamp: Math.floor(epochMilliseconds(clock()) / 1000),
          timezoneOffset: 0,
        },
      })
      if (checkedOut) {
        await writeFile(join(folder, CONFIG_FILE), text)
        await git.add({ ...repository, dir: folder, filepath: CONFIG_FILE })
      }
      return commit
    },
  }
}

const fault = (message: string) => new ConfigError([{ path: "", message }])
