import type { Command } from "commander"
import { jsonText, withJson, type JsonOption } from "@spinor/admin/json"
import { CommandError } from "../errors.ts"
import { withExamples, withUrl } from "../options.ts"
import { searchOne } from "../search.ts"
import { openSession, type UrlOption } from "../session.ts"
import type { Shell } from "../shell.ts"
import { pairsText } from "../show-rows.ts"

type PilotOptions = UrlOption & JsonOption

export function mountPilot(program: Command, shell: Shell): void {
  const pilot = program
    .command("pilot")
    .description("show all of one pilot; times are in UTC")
    .argument("<stamp>", "its PilotStamp")
    .action((stamp: string, options: PilotOptions) => showPilot(shell, stamp, options))
  withUrl(withJson(pilot, "print it as JSON"))
  withExamples(pilot, [
    "pilot 0a1b2c3d4e5f",
    "pilot 0a1b2c3d4e5f --json",
    "jobs --pilot 0a1b2c3d4e5f",
  ])
}

async function showPilot(
  shell: Shell,
  stamp: string,
  { json = false, ...option }: PilotOptions,
): Promise<void> {
  const { http } = await openSession(shell, option)
  const pilot = await searchOne(http, "pilots", "PilotStamp", stamp)
  if (pilot === undefined) throw new CommandError(`there is no pilot ${stamp} that you may see`)
  shell.stdout.write(json ? jsonText(pilot) : pairsText(shell, Object.keys(pilot), pilot))
}
