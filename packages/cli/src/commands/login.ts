import type { Command } from "commander"
import { jsonText, withJson, type JsonOption } from "@spinor/admin/json"
import { printable } from "@spinor/admin/printable"
import {
  alone,
  credentialsOf,
  credentialsPath,
  readCredentials,
  writeCredentials,
} from "../credentials.ts"
import { askForDevice, awaitApproval } from "../device-flow.ts"
import { UsageError } from "../errors.ts"
import { httpClient } from "../http.ts"
import { collect, withExamples, withUrl } from "../options.ts"
import { discover, userInfo, virtualOrganizations, type Vos } from "../service.ts"
import { serviceUrl, type UrlOption } from "../session.ts"
import type { Shell } from "../shell.ts"

interface LoginOptions extends UrlOption, JsonOption {
  readonly group?: string
  readonly property?: readonly string[]
}

export function mountLogin(program: Command, shell: Shell): void {
  const login = program
    .command("login")
    .description("log in with a browser; the official DiracX command line shares the login")
    .argument("[vo]", "the virtual organisation (default: the only one there is)")
    .option("--group <name>", "the group to act in (default: the VO's default group)")
    .option(
      "--property <name>",
      "a security property to add to the group's; may be repeated",
      collect((text) => text, ""),
    )
    .action((vo: string | undefined, options: LoginOptions) => logIn(shell, vo, options))
  withUrl(withJson(login, "print who is logged in as JSON; what to open goes to stderr"))
  withExamples(login, [
    "login",
    "login testvo --group admin",
    "login --url https://diracx.example.org",
  ])
}

async function logIn(
  shell: Shell,
  wanted: string | undefined,
  { group, property = [], json = false, ...option }: LoginOptions,
): Promise<void> {
  const path = credentialsPath(shell)
  const url = serviceUrl(option, shell.env, await readCredentials(path))
  const http = httpClient(url, shell)
  const vos = await virtualOrganizations(http)
  const vo = chosenVo(vos, wanted)
  checkGroup(vos, vo, group)
  const scope = [
    `vo:${vo}`,
    ...(group === undefined ? [] : [`group:${group}`]),
    ...property.map((name) => `property:${name}`),
  ].join(" ")

  const discovery = await discover(http)
  const device = await askForDevice(http, discovery, scope)
  const { paint, stdout } = shell
  const prompt = json ? shell.stderr : stdout
  prompt.write(
    `Open   ${paint("bold", printable(device.verification_uri_complete ?? device.verification_uri))}\n`,
  )
  prompt.write(`Code   ${paint("bold", printable(device.user_code))}\n`)

  const progress = progressOn(shell)
  const tokens = await awaitApproval(http, discovery, device, shell, progress.step).finally(
    progress.end,
  )
  const credentials = credentialsOf(tokens, url, shell.now())
  await alone(path, shell.pause, () => writeCredentials(path, credentials))
  const token = credentials.access_token
  const user = await userInfo((request) => http({ ...request, token }))
  if (json) {
    stdout.write(jsonText(user))
    return
  }
  const who = `${user.preferred_username} of ${user.vo}, group ${user.dirac_group}`
  stdout.write(`${paint("green", "Logged in")} as ${printable(who)}\n`)
}

function chosenVo(vos: Vos, wanted: string | undefined): string {
  const names = Object.keys(vos)
  const known = names.join(", ") || "none"
  const [only, ...others] = names
  if (wanted === undefined) {
    if (only !== undefined && others.length === 0) return only
    throw new UsageError(`say which VO to log in to: ${known}`)
  }
  if (!names.includes(wanted)) throw new UsageError(`there is no VO ${wanted}; there is: ${known}`)
  return wanted
}

function checkGroup(vos: Vos, vo: string, group: string | undefined): void {
  const groups = Object.keys(vos[vo]?.groups ?? {})
  if (group === undefined || groups.includes(group)) return
  throw new UsageError(`${vo} has no group ${group}; it has: ${groups.join(", ") || "none"}`)
}

/** Dots on a terminal, nothing elsewhere. */
function progressOn({ stderr }: Shell): { step: () => void; end: () => void } {
  let begun = false
  const show = (text: string) => void (stderr.isTTY === true && stderr.write(text))
  return {
    step() {
      show(begun ? "." : "Waiting for your approval .")
      begun = true
    },
    end: () => show(begun ? "\n" : ""),
  }
}
