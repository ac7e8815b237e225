import { Command, CommanderError } from "commander"
import { mountAdmin } from "@spinor/admin/commands"
import { printable } from "@spinor/admin/printable"
import type { Terminal } from "@spinor/admin/terminal"
import { mountJob } from "./commands/job.ts"
import { mountJobs } from "./commands/jobs.ts"
import { mountLogin } from "./commands/login.ts"
import { mountLogout } from "./commands/logout.ts"
import { mountPilot } from "./commands/pilot.ts"
import { mountPilots } from "./commands/pilots.ts"
import { mountSandbox } from "./commands/sandbox.ts"
import { mountSubmit } from "./commands/submit.ts"
import { mountWhoami } from "./commands/whoami.ts"
import { CommandError, fileFault, isFileError, UsageError } from "./errors.ts"
import { withExamples } from "./options.ts"
import type { Shell } from "./shell.ts"
import { version } from "./version.ts"

const FAILED = 1
const MISUSED = 2
/** What a shell reports of a program that Ctrl-C ended: 128 and the signal's number. */
const INTERRUPTED = 130

const USER_COMMANDS = [
  mountLogin,
  mountLogout,
  mountWhoami,
  mountSubmit,
  mountJobs,
  mountJob,
  mountPilots,
  mountPilot,
  mountSandbox,
]

/** Runs a command line to its end, and tells the exit code. */
export async function run(
  args: readonly string[],
  shell: Shell,
  terminal: Terminal,
): Promise<number> {
  try {
    await spinor(shell, terminal).parseAsync([...args], { from: "user" })
    return 0
  } catch (error) {
    return explained(error, shell)
  }
}

function spinor(shell: Shell, terminal: Terminal): Command {
  const program = new Command("spinor")
    .description("Submit jobs to a DiracX or Spinor service and follow them")
    .version(version)
    .exitOverride()
    .helpCommand(false)
    // As for "jobs", which has options of its own before those of its commands.
    .enablePositionalOptions()
    .configureOutput({
      writeOut: (text) => void shell.stdout.write(text),
      writeErr: (text) => void shell.stderr.write(text),
    })
  withExamples(program, ["login", "submit hello.jdl", "jobs", "job 1"])
  program.commandsGroup("Commands of a user:")
  for (const mount of USER_COMMANDS) mount(program, shell)
  program.commandsGroup("Commands of an operator:")
  mountAdmin(program, terminal)
  return program
}

/** Says in one line what was wrong; what nobody foresaw is shown whole. */
function explained(error: unknown, { stderr, interrupted }: Shell): number {
  if (interrupted.aborted) {
    stderr.write("Stopped\n")
    return INTERRUPTED
  }
  // commander has said it already.
  if (error instanceof CommanderError) return codeOf(error)
  if (isFileError(error)) {
    stderr.write(`error: ${printable(fileFault(error))}\n`)
    return FAILED
  }
  if (error instanceof CommandError) {
    stderr.write(`error: ${printable(error.message)}\n`)
    return error instanceof UsageError ? MISUSED : FAILED
  }
  stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
  return FAILED
}

/** Commands report their failures as "commander.error"; the others are faults of the command line. */
function codeOf({ code, exitCode }: CommanderError): number {
  return exitCode === 0 || code === "commander.error" ? exitCode : MISUSED
}
