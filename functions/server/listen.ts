import { once } from "node:events"
import type { Server } from "node:http"
import { SettingsError, type Settings } from "@spinor/core/settings/settings"

const REASONS: Readonly<Record<string, (settings: Settings) => string>> = {
  EADDRINUSE: ({ HOST, PORT }) =>
    `PORT: ${HOST}:${PORT} is taken by another program; choose another one`,
  EACCES: ({ PORT }) => `PORT: this user may not listen on port ${PORT}; choose one above 1023`,
  EADDRNOTAVAIL: ({ HOST }) => `HOST: this machine has no address ${HOST}`,
  ENOTFOUND: ({ HOST }) => `HOST: there is no host named ${HOST}`,
}

/** @throws SettingsError in one line when the address cannot be had */
export async function listen(server: Server, settings: Settings): Promise<void> {
  server.listen(settings.PORT, settings.HOST)
  try {
    await once(server, "listening")
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : ""
    const reason = REASONS[code]?.(settings) ?? `HOST, PORT: cannot listen (${code})`
    throw new SettingsError([reason])
  }
}

/** The URL under which the server is reached from this machine. */
export function originOf(server: Server, { HOST }: Settings): string {
  const address = server.address()
  const port = typeof address === "object" && address !== null ? address.port : 0
  const everywhere = HOST === "0.0.0.0" || HOST === "::"
  const host = everywhere ? "127.0.0.1" : HOST
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`
}
