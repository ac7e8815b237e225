import { randomUUID } from "node:crypto"
import { mkdir, open, readFile, rename, rm } from "node:fs/promises"
import { dirname, join, resolve } from "node:path"
import * as z from "zod"
import { isFileError } from "./errors.ts"
import { withFileLock } from "./file-lock.ts"
import type { Tokens } from "./service.ts"
import type { Shell } from "./shell.ts"

/** The file of DiracX's own client, which reads and writes the first three members. */
const Credentials = z.object({
  access_token: z.string(),
  refresh_token: z.string().nullish(),
  /** Seconds since 1970. */
  expires_on: z.number(),
  /** The service that gave them. */
  url: z.string().optional(),
})
export type Credentials = z.output<typeof Credentials>

/** Seconds that DiracX takes off the life of a token, for what is under way when it ends. */
const GRACE = 15

export const credentialsPath = ({ env, home, cwd }: Pick<Shell, "env" | "home" | "cwd">): string =>
  resolve(cwd, env["DIRACX_CREDENTIALS_PATH"] || join(home, ".cache/diracx/credentials.json"))

/** What tokens that were just received are kept as. */
export const credentialsOf = (tokens: Tokens, url: string, now: number): Credentials => ({
  access_token: tokens.access_token,
  refresh_token: tokens.refresh_token ?? null,
  expires_on: Math.floor(now) + tokens.expires_in - GRACE,
  url,
})

/** Undefined when there are none, or nothing that could be used. */
export async function readCredentials(path: string): Promise<Credentials | undefined> {
  try {
    return Credentials.safeParse(JSON.parse(await readFile(path, "utf8"))).data
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    if (isFileError(error) && error.code === "ENOENT") return undefined
    throw error
  }
}

/** Runs the work while no other of our processes changes the credentials. */
export async function alone<Result>(
  path: string,
  pause: Shell["pause"],
  work: () => Promise<Result>,
): Promise<Result> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  return await withFileLock(`${path}.lock`, pause, work)
}

/** Whole or not at all, as other processes may be reading it; only the user can. */
export async function writeCredentials(path: string, credentials: Credentials): Promise<void> {
  const aside = `${path}.${randomUUID()}`
  const file = await open(aside, "wx", 0o600)
  try {
    await file.writeFile(`${JSON.stringify(credentials)}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(aside, path)
}

export const removeCredentials = (path: string): Promise<void> => rm(path, { force: true })
