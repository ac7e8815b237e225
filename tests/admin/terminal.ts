import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Command } from "commander"
import { onTestFinished } from "vitest"
import { mountAdmin } from "@spinor/admin/commands"
import { instant } from "@spinor/core/instant"
import { systemRandom } from "@spinor/core/security/random"

/** A folder and a program with the operator's commands, whose output is kept. */
export async function terminal(
  env: Record<string, string> = {},
  { isTTY = false }: { isTTY?: boolean } = {},
) {
  const cwd = await mkdtemp(join(tmpdir(), "spinor-admin-"))
  onTestFinished(() => rm(cwd, { recursive: true, force: true }))

  /** Runs a command line; the exit code is 0, or that of commander's error. */
  async function run(line: string): Promise<{ code: number; out: string; err: string }> {
    let [out, err] = ["", ""]
    const stdout = { write: (text: string) => (out += text) }
    const stderr = { write: (text: string) => (err += text), isTTY }
    const program = new Command("spinor")
      .exitOverride()
      .configureOutput({ writeOut: stdout.write, writeErr: stderr.write })
    const clock = () => instant("2026-11-21T08:00:00Z")
    const interrupted = new AbortController().signal
    mountAdmin(program, { stdout, stderr, cwd, env, clock, random: systemRandom, interrupted })
    const code = await program.parseAsync(line.split(" "), { from: "user" }).then(
      () => 0,
      (error: { exitCode?: number }) => {
        if (error.exitCode === undefined) throw error
        return error.exitCode
      },
    )
    return { code, out, err }
  }
  return { cwd, run }
}
