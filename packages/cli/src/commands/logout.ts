import type { Command } from "commander"
import { alone, credentialsPath, readCredentials, removeCredentials } from "../credentials.ts"
import { CommandError } from "../errors.ts"
import { httpClient } from "../http.ts"
import { withUrl } from "../options.ts"
import { printable } from "../printable.ts"
import { revokeToken } from "../service.ts"
import { serviceUrl, type UrlOption } from "../session.ts"
import type { Shell } from "../shell.ts"

export function mountLogout(program: Command, shell: Shell): void {
  const logout = program
    .command("logout")
    .description("end the login here and at the service")
    .action((option: UrlOption) => logOut(shell, option))
  withUrl(logout)
}

async function logOut(shell: Shell, option: UrlOption): Promise<void> {
  const path = credentialsPath(shell)
  const ended = await alone(path, shell.pause, async () => {
    const credentials = await readCredentials(path)
    await removeCredentials(path)
    return credentials
  })
  if (ended === undefined) {
    shell.stdout.write("You are not logged in\n")
    return
  }
  if (typeof ended.refresh_token === "string") {
    const http = httpClient(serviceUrl(option, shell.env, ended), shell)
    await orWarn(shell, revokeToken(http, ended.refresh_token))
  }
  shell.stdout.write("Logged out\n")
}

/** The login is gone from here anyway. */
async function orWarn({ stderr, interrupted }: Shell, revocation: Promise<void>): Promise<void> {
  try {
    await revocation
  } catch (error) {
    if (interrupted.aborted || !(error instanceof CommandError)) throw error
    stderr.write(
      `warning: the login goes on at the service until it expires: ${printable(error.message)}\n`,
    )
  }
}
