import type { Command } from "commander"
import { ConfigError } from "@spinor/core/config/error"
import { systemClock, type Clock } from "@spinor/core/instant"
import { KeystoreError } from "@spinor/core/security/keystore"
import { systemRandom, type RandomBytes } from "@spinor/core/security/random"

/** A stream of the terminal, or of what stands in its place. */
export interface Output {
  write(text: string): unknown
  readonly isTTY?: boolean
}

/** What an operator's command needs of the world around it. */
export interface Terminal {
  readonly stdout: Output
  readonly stderr: Output
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly clock: Clock
  readonly random: RandomBytes
  /** Aborted by Ctrl-C. */
  readonly interrupted: AbortSignal
}

/** A terminal in this machine's time, with its random numbers. */
export const systemTerminal = (place: Omit<Terminal, "clock" | "random">): Terminal => ({
  ...place,
  clock: systemClock,
  random: systemRandom,
})

/** What an operator can put right; the message is one line and holds no secret. */
export class OperatorError extends Error {
  override readonly name = "OperatorError"
}

/** Ends the command with one line that says what was wrong; other errors are bugs and pass. */
export async function orExplain<T>(command: Command, action: () => Promise<T>): Promise<T> {
  try {
    return await action()
  } catch (error) {
    if (isForOperator(error)) {
      return command.error(`error: ${error.message}`)
    }
    throw error
  }
}

const isFileError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && "syscall" in error && "code" in error

const isForOperator = (error: unknown): error is Error =>
  error instanceof OperatorError ||
  error instanceof ConfigError ||
  error instanceof KeystoreError ||
  isFileError(error)
