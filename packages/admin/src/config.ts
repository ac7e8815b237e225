import { InvalidArgumentError, type Command } from "commander"
import type { UserOptions, VoOptions } from "./config-actions.ts"
import { withJson, type JsonOption } from "./json.ts"
import { orExplain, type Terminal } from "./terminal.ts"

// git and YAML are imported when a command runs: no other command should wait for them.
const actions = () => import("./config-actions.ts")

/** `config init`, `config add-vo`, `config add-user` and `config check`. */
export function mountConfig(program: Command, terminal: Terminal): void {
  const config = program
    .command("config")
    .description("make and check the configuration, a git repository with one file, default.yml")

  config
    .command("init")
    .description("make a new configuration without a VO")
    .argument("<folder>", "a folder that does not exist or is empty")
    .action((folder: string, options: JsonOption, command: Command) =>
      orExplain(command, async () => (await actions()).init(folder, options, terminal)),
    )

  config
    .command("add-vo")
    .description("add a VO, with one group of normal users")
    .argument("<folder>", "the configuration: a folder or git+file:// URL")
    .requiredOption("--vo <name>", "the name of the VO")
    .requiredOption("--idp-url <url>", "the issuer of its OpenID provider", webUrl)
    .requiredOption("--idp-client-id <id>", "the id of this service at that provider")
    .option("--default-group <name>", "the group of a login that names none", "user")
    .action((where: string, options: VoOptions, command: Command) =>
      orExplain(command, async () => (await actions()).commitVo(where, options, terminal)),
    )

  config
    .command("add-user")
    .description("add a user to a VO")
    .argument("<folder>", "the configuration: a folder or git+file:// URL")
    .requiredOption("--vo <name>", "the VO")
    .requiredOption("--sub <subject>", "who it is at the VO's OpenID provider: the claim sub")
    .requiredOption("--preferred-username <name>", "the name that jobs show as their owner")
    .option("--group <names...>", "the groups of the user (default: the VO's default group)")
    .action((where: string, options: UserOptions, command: Command) =>
      orExplain(command, async () => (await actions()).commitUser(where, options, terminal)),
    )

  config
    .command("check")
    .description("read a configuration as the service does, and say what is wrong with it")
    .argument(
      "[where]",
      "a folder or URL, git+file:// or file:// (default: DIRACX_CONFIG_BACKEND_URL)",
    )
    .action((where: string | undefined, options: JsonOption, command: Command) =>
      orExplain(command, async () => (await actions()).check(where, options, terminal)),
    )

  for (const command of config.commands) withJson(command)
}

function webUrl(text: string): string {
  if (!/^https?:$/.test(URL.parse(text)?.protocol ?? "")) {
    throw new InvalidArgumentError("It should be an https:// URL.")
  }
  return text
}
