import type { Command } from "commander"
import { jsonText, withJson, type JsonOption } from "@spinor/admin/json"
import { printable } from "@spinor/admin/printable"
import { alone, credentialsPath, readCredentials, removeCredentials } from "../credentials.ts"
import { CommandError } from "../errors.ts"
import { httpClient } from "../http.ts"
import { withUrl } from "../options.ts"
import { revokeToken } from "../service.ts"
import { serviceUrl, type UrlOption } from "../session.ts"
import type { Shell } from "../shell.ts"

type LogoutOptions = UrlOption & JsonOption

export function mountLogout(program: Command, shell: Shell): void {
  const logout = program
    .command("logout")
    .description("end the login here and at the service")
    .action((options: LogoutOptions) => logOut(shell, options))
  withUrl(withJson(logout, "print what was ended as JSON"))
}

async function logOut(shell: Shell, { json = false, ...option }: LogoutOptions): Promise<void> {
  const path = credentialsPath(shell)
  const ended = await alone(path, shell.pause, async () => {
    const credentials = await readCredentials(path)
    await removeCredentials(path)
    return credentials
  })
  let revoked = false
  if (typeof ended?.refresh_token === "string") {
    const http = httpClient(serviceUrl(option, shell.env, ended), shell)
    revoked = await orWarn(shell, revokeToken(http, ended.refresh_token))
  }
  const wasLoggedIn = ended !== undefined
  const text = wasLoggedIn ? "Logged out\n" : "You are not logged in\n"
  shell.stdout.write(json ? jsonText({ was_logged_in: wasLoggedIn, revoked }) : text)
}

/** Whether it was revoked; the login is gone from here anyway. */
async function orWarn({ stderr, interrupted }: Shell, revocation: Promise<void>): Promise<boolean> {
  try {
    await revocation
    return true
  } catch (error) {
    if (interrupted.aborted || !(error instanceof CommandError)) throw error
    stderr.write(
      `warning: the login goes on at the service until it expires: ${printable(error.message)}\n`,
    )
    return false
  }
}
