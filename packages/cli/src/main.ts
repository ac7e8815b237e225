#!/usr/bin/env node
import { homedir, tmpdir } from "node:os"
import { addAbortSignal } from "node:stream"
import { text } from "node:stream/consumers"
import { setTimeout as sleep } from "node:timers/promises"
import { styleText } from "node:util"
import { systemTerminal } from "@spinor/admin/terminal"
import { run } from "./program.ts"
import type { Shell } from "./shell.ts"

const { stdin, stdout, stderr, env } = process
const cwd = process.cwd()
const interruption = new AbortController()
const interrupted = interruption.signal

// Who reads us may have seen enough: spinor jobs | head
stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error
  process.exit()
})

const shell: Shell = {
  stdout,
  stderr,
  readStdin: stdin.isTTY ? undefined : () => text(addAbortSignal(interrupted, stdin)),
  env,
  cwd,
  home: homedir(),
  scratch: tmpdir(),
  now: () => Date.now() / 1000,
  interrupted,
  pause: (milliseconds) => sleep(milliseconds, undefined, { signal: interrupted }),
  paint: (style, text) => styleText(style, text, { stream: stdout }),
}

// A second Ctrl-C ends the process at once.
process.once("SIGINT", () => interruption.abort())
process.exitCode = await run(
  process.argv.slice(2),
  shell,
  systemTerminal({ stdout, stderr, cwd, env, interrupted }),
)
