import type { Command } from "commander"
import { ConfigError } from "@spinor/core/config/error"
import type { Clock } from "@spinor/core/instant"
import { KeystoreError } from "@spinor/core/security/keystore"
import type { RandomBytes } from "@spinor/core/security/random"

/** What an operator's command needs of the world around it. */
export interface Terminal {
  readonly stdout: { write(text: string): unknown }
  readonly stderr: { write(text: string): unknown }
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly clock: Clock
  readonly random: RandomBytes
}

/** Ends the command with one line that says what was wrong; other errors are bugs and pass. */
export async function orExplain<T>(command: Command, action: () => Promise<T>): Promise<T> {
  try {
    return await action()
  } catch (error) {
    if (error instanceof ConfigError || error instanceof KeystoreError || isFileError(error)) {
      return command.error(`error: ${error.message}`)
    }
    throw error
  }
}

const isFileError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && "syscall" in error && "code" in error
