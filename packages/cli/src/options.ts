import { InvalidArgumentError, type Command } from "commander"

/** The options that each command on the service has. */
export const withUrl = (command: Command): Command =>
  command.option(
    "--url <url>",
    "the service (default: SPINOR_URL, DIRACX_URL, that of the login, http://127.0.0.1:8000)",
  )

/** Examples below a command's help, a line each. */
export const withExamples = (command: Command, examples: readonly string[]): Command =>
  command.addHelpText(
    "after",
    `\nExamples:\n${examples.map((line) => `  $ spinor ${line}`).join("\n")}\n`,
  )

/** Reads one more value of an option that may be given several times. */
export const collect =
  <Value>(read: (text: string) => Value | undefined, hint: string) =>
  (text: string, before: readonly Value[] = []): Value[] => {
    const value = read(text)
    if (value === undefined) throw new InvalidArgumentError(hint)
    return [...before, value]
  }

/** A whole number from 1 on. */
export function positive(text: string): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : 0
  if (value < 1) throw new InvalidArgumentError("It should be a whole number from 1 on.")
  return value
}
