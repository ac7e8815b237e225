import type { Command } from "commander"
import { jsonText, withJson, type JsonOption } from "@spinor/admin/json"
import { withUrl } from "../options.ts"
import { userInfo } from "../service.ts"
import { openSession, type UrlOption } from "../session.ts"
import type { Shell } from "../shell.ts"
import { list } from "../table.ts"

type WhoamiOptions = UrlOption & JsonOption

export function mountWhoami(program: Command, shell: Shell): void {
  const whoami = program
    .command("whoami")
    .description("tell who is logged in, in which group and with which properties")
    .action((options: WhoamiOptions) => showUser(shell, options))
  withUrl(withJson(whoami, "print what the service says as JSON"))
}

async function showUser(shell: Shell, { json = false, ...option }: WhoamiOptions): Promise<void> {
  const { http, url } = await openSession(shell, option)
  const user = await userInfo(http)
  if (json) {
    shell.stdout.write(jsonText(user))
    return
  }
  const pairs = [
    ["User", user.preferred_username],
    ["VO", user.vo],
    ["Group", user.dirac_group],
    ["Properties", user.properties.join(", ")],
    ["Subject", user.sub],
    ["Service", url],
  ] as const
  shell.stdout.write(
    list(pairs, (text, column) => (column === 0 ? shell.paint("dim", text) : text)),
  )
}
