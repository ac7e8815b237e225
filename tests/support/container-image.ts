import { spawn, type ChildProcessByStdio } from "node:child_process"
import { mkdir, mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Readable } from "node:stream"
import * as z from "zod"
import { runProgram } from "./run-program.ts"
import { findProgram, installPackages } from "./services/debian.ts"
import { needsAll } from "./servers.ts"

const ROOT = join(import.meta.dirname, "../..")
const BASE = "docker.io/library/node:24.21.0-bookworm-slim"
/** For registries whose certificates this machine alone knows. */
const CERTIFICATES = "/etc/ssl/certs"

/** An image that was built of the Containerfile, unpacked. */
export interface ContainerImage {
  readonly config: ImageConfig
  /** Runs a command in it as its user, with its variables and these; the one that it names itself by default. */
  run(env: Readonly<Record<string, string>>, command?: readonly string[]): Contained
  /** Of a file in it. */
  path(inside: string): string
  remove(): Promise<void>
}

/** A process in it. */
export type Contained = ChildProcessByStdio<null, Readable, Readable>

type ImageConfig = z.output<typeof imageConfig>
const imageConfig = z.object({
  User: z.string(),
  Env: z.array(z.string()),
  Cmd: z.array(z.string()),
  WorkingDir: z.string(),
  Healthcheck: z.object({ Test: z.array(z.string()) }),
})

/** Why no image can be built here, in words for people; installs what is missing where all must run. */
export async function missingBuilder(): Promise<string | undefined> {
  const needed = ["buildah", "debootstrap"]
  const found = await Promise.all(needed.map(findProgram))
  if (process.getuid?.() === 0 && !found.includes(undefined)) return undefined
  if (!needsAll()) return `Container image: install ${needed.join(" and ")}, and be root`
  await installPackages(...needed)
  return undefined
}

/** Builds the image as `buildah build` does, in a store of its own. */
export async function buildImage(): Promise<ContainerImage> {
  const folder = await mkdtemp(join(tmpdir(), "spinor-image-"))
  const buildah = async (...parameters: string[]): Promise<string> => {
    const places = ["--root", join(folder, "store"), "--runroot", join(folder, "run")]
    const options = [...places, "--storage-driver", "vfs", ...parameters]
    const said = await runProgram("buildah", options, { cwd: ROOT })
    return said.trim()
  }
  try {
    await buildah("pull", BASE).catch(() => standIn(folder, buildah))
    const certificates = `${CERTIFICATES}:${CERTIFICATES}:ro`
    const how = ["--isolation", "chroot", "--pull-never", "--volume", certificates]
    await buildah("bud", ...how, "--format", "docker", "--tag", "spinor", ".")
    const { Docker } = JSON.parse(await buildah("inspect", "--type", "image", "spinor"))
    const config = imageConfig.parse(Docker.config)
    const root = await buildah("mount", await buildah("from", "spinor"))
    return {
      config,
      run: (env, command = config.Cmd) => runIn(root, { ...config, command, env }),
      path: (inside) => join(root, inside),
      remove: () => rm(folder, { recursive: true }),
    }
  } catch (error) {
    await rm(folder, { recursive: true })
    throw error
  }
}

/**
 * Stands in for the base image where no registry of images is reached: Debian as the real one has it,
 * with this process's Node and this machine's npm.
 */
async function standIn(
  folder: string,
  buildah: (...parameters: string[]) => Promise<string>,
): Promise<void> {
  const debian = join(folder, "debian")
  await mkdir(debian)
  await runProgram("debootstrap", ["--variant=minbase", "bookworm", debian])
  const npm = (await runProgram("npm", ["root", "--global"])).trim()
  const container = await buildah("from", "scratch")
  await buildah("copy", container, debian, "/")
  await buildah("copy", container, process.execPath, "/usr/local/bin/node")
  await buildah("copy", container, join(npm, "npm"), "/usr/local/lib/node_modules/npm")
  const finish =
    "ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm && useradd --uid 1000 --create-home node"
  await buildah("run", "--isolation", "chroot", container, "--", "sh", "-c", finish)
  const variables = [
    "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    `NODE_EXTRA_CA_CERTS=${CERTIFICATES}/ca-certificates.crt`,
  ]
  await buildah("config", ...variables.flatMap((each) => ["--env", each]), container)
  await buildah("commit", container, BASE)
  await rm(debian, { recursive: true })
}

interface Run extends Pick<ImageConfig, "User" | "Env" | "WorkingDir"> {
  readonly command: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

function runIn(root: string, { User, Env, WorkingDir, command, env }: Run): Contained {
  const more = Object.entries(env).map(([name, value]) => `${name}=${value}`)
  const there = ["env", "-i", "-C", WorkingDir, ...Env, ...more, ...command]
  return spawn("chroot", ["--userspec", User, root, ...there], {
    stdio: ["ignore", "pipe", "pipe"],
  })
}
