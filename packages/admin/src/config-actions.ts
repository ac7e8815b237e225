import { readdir } from "node:fs/promises"
import { resolve } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { commitConfig, initConfig } from "@spinor/core/config/commit"
import { doubtsAbout } from "@spinor/core/config/doubts"
import { addUser, addVo, EMPTY_CONFIG } from "@spinor/core/config/edit"
import { ConfigError } from "@spinor/core/config/error"
import { readRevision } from "@spinor/core/config/sources"
import { jsonText, type JsonOption } from "./json.ts"
import type { Terminal } from "./terminal.ts"

export async function init(
  folder: string,
  { json = false }: JsonOption,
  terminal: Terminal,
): Promise<void> {
  const path = folderOf(folder, terminal)
  const inside = await readdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return []
    throw error
  })
  if (inside.length > 0) throw fault(`${path} is not empty`)
  await initConfig(path, EMPTY_CONFIG, { message: "Begin", clock: terminal.clock })
  const url = `git+${pathToFileURL(path).href}`
  terminal.stdout.write(
    json ? jsonText({ DIRACX_CONFIG_BACKEND_URL: url }) : `DIRACX_CONFIG_BACKEND_URL=${url}\n`,
  )
}

export interface VoOptions extends JsonOption {
  readonly vo: string
  readonly idpUrl: string
  readonly idpClientId: string
  readonly defaultGroup: string
}

export async function commitVo(
  where: string,
  { json = false, ...options }: VoOptions,
  terminal: Terminal,
): Promise<void> {
  const commit = await commitConfig(
    folderOf(where, terminal),
    (document) => addVo(document, options),
    { message: `Add the VO ${options.vo}`, clock: terminal.clock },
  )
  const text = `${commit.slice(0, 8)} adds the VO ${options.vo}\n`
  terminal.stdout.write(json ? jsonText({ commit }) : text)
}

export interface UserOptions extends JsonOption {
  readonly vo: string
  readonly sub: string
  readonly preferredUsername: string
  readonly group?: readonly string[]
}

export async function commitUser(
  where: string,
  { group = [], json = false, ...user }: UserOptions,
  terminal: Terminal,
): Promise<void> {
  const commit = await commitConfig(
    folderOf(where, terminal),
    (document) => addUser(document, { ...user, groups: group }),
    { message: `Add ${user.preferredUsername} to the VO ${user.vo}`, clock: terminal.clock },
  )
  const text = `${commit.slice(0, 8)} adds ${user.preferredUsername} to ${user.vo}\n`
  terminal.stdout.write(json ? jsonText({ commit }) : text)
}

export async function check(
  where: string | undefined,
  { json = false }: JsonOption,
  terminal: Terminal,
): Promise<void> {
  const place = where ?? terminal.env["DIRACX_CONFIG_BACKEND_URL"]
  if (place === undefined || place === "") {
    throw fault("name a folder or URL, or set DIRACX_CONFIG_BACKEND_URL")
  }
  const url = place.includes("://")
    ? place
    : `git+${pathToFileURL(resolve(terminal.cwd, place)).href}`
  const { config, hexsha, modified } = await readRevision(url)
  const warnings = doubtsAbout(config)
  for (const { path, message } of warnings) {
    terminal.stderr.write(`warning: ${path}: ${message}\n`)
  }
  const vos = Object.keys(config.Registry)
  const named = vos.join(", ") || "none yet"
  const text = `${hexsha.slice(0, 8)} of ${modified.slice(0, 19)}Z is sound; VOs: ${named}\n`
  terminal.stdout.write(json ? jsonText({ hexsha, modified, vos, warnings }) : text)
}

function folderOf(where: string, { cwd }: Terminal): string {
  if (!where.includes("://")) return resolve(cwd, where)
  if (!where.startsWith("git+file://")) {
    throw fault(`only git+file:// can be changed, not ${where.split("://")[0]}://`)
  }
  return fileURLToPath(where.slice("git+".length))
}

const fault = (message: string) => new ConfigError([{ path: "", message }])
