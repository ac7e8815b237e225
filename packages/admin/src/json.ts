import type { Command } from "commander"

export interface JsonOption {
  readonly json?: boolean
}

/** Gives a command --json, with which its standard output is one JSON text and nothing else. */
export const withJson = (command: Command, description = "print it as JSON"): Command =>
  command.option("--json", description)

/** As --json prints it. */
export const jsonText = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`
