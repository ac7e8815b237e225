import { access, constants } from "node:fs/promises"
import { join } from "node:path"
import { runProgram } from "../run-program.ts"

const SBIN = ["/usr/local/sbin", "/usr/sbin", "/sbin"]

/** The full path of a program; also looks where servers lie, which is not on everybody's PATH. */
export async function findProgram(name: string): Promise<string | undefined> {
  for (const folder of [...(process.env["PATH"] ?? "").split(":"), ...SBIN]) {
    const path = join(folder, name)
    const found = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (found) return path
  }
  return undefined
}

/** The full path of a program that has to be there. */
export async function program(name: string): Promise<string> {
  const path = await findProgram(name)
  if (path === undefined) throw new Error(`${name} is not installed`)
  return path
}

/** Installs Debian packages; throws, naming them, when we are not root or this is no Debian. */
export async function installPackages(...names: string[]): Promise<void> {
  if (process.getuid?.() !== 0 || (await findProgram("apt-get")) === undefined) {
    throw new Error(`Install ${names.join(" and ")}, or run this as root on Debian`)
  }
  // One at a time: apt-get refuses to run beside itself.
  const turn = lastTurn.then(() => aptGet(names))
  lastTurn = turn.catch(() => undefined)
  await turn
}

let lastTurn: Promise<void> = Promise.resolve()

async function aptGet(names: string[]): Promise<void> {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" }
  await runProgram("apt-get", ["update", "-qq"], { env })
  await runProgram("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...names], {
    env,
  })
}
