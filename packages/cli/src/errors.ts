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

const FILE_FAULTS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file or folder",
  EACCES: "you may not use it",
  EPERM: "you may not use it",
  EISDIR: "it is a folder",
  ENOTDIR: "a part of its path is no folder",
  ENOSPC: "the disk is full",
  EROFS: "the disk can only be read",
}

/** What the file system said, without the names of its calls. */
export function fileFault({ code = "", path, message }: NodeJS.ErrnoException): string {
  const fault = FILE_FAULTS[code]
  return fault === undefined || path === undefined ? message : `${path}: ${fault}`
}

/** An error of the file system, such as a file that does not exist. */
export const isFileError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && "syscall" in error && "code" in error
