import type { Command } from "commander"
import { UsageError } from "./errors.ts"
import type { Shell } from "./shell.ts"

/** Gives a command that lists something commands on what it lists. */
export function withCommands(
  list: Command,
  shell: Shell,
  mounts: readonly ((list: Command, shell: Shell) => void)[],
): void {
  list.commandsGroup(`Commands on ${list.name()}:`).helpCommand(false)
  for (const mount of mounts) mount(list, shell)
  keepApart(list)
}

/** Options of the list choose nothing for its commands: nobody shall believe that they do. */
function keepApart(list: Command): void {
  list.enablePositionalOptions()
  list.hook("preSubcommand", (_, command) => {
    const given = list.options.find(
      (option) => list.getOptionValueSource(option.attributeName()) === "cli",
    )
    if (given === undefined) return
    const { long } = given
    throw new UsageError(
      `${long} before ${command.name()} is an option of the list: options of ${command.name()} stand after it`,
    )
  })
}
