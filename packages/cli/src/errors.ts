/** A failure to be told in one line; the exit code is 1. */
export class CommandError extends Error {
  override readonly name: string = "CommandError"
}

/** The command line does not say what it should; the exit code is 2. */
export class UsageError extends CommandError {
  override readonly name = "UsageError"
}

/** The service cannot be reached, or does not answer in time. */
export class ConnectionError extends CommandError {
  override readonly name = "ConnectionError"
}

/** The service refused, or failed; the message says what to do. */
export class ServiceError extends CommandError {
  override readonly name = "ServiceError"
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

export const notLoggedIn = (): CommandError =>
  new CommandError('you are not logged in: log in with "spinor login"')

/** An error of the file system, such as a file that does not exist. */
export const isFileError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && "syscall" in error && "code" in error
