import {
  alone,
  credentialsOf,
  credentialsPath,
  readCredentials,
  writeCredentials,
  type Credentials,
} from "./credentials.ts"
import { CommandError, notLoggedIn, UsageError } from "./errors.ts"
import { LONGEST_HOLD_MS } from "./file-lock.ts"
import { httpClient, type Http } from "./http.ts"
import { claimsOf } from "./jwt.ts"
import { discover, refreshTokens } from "./service.ts"
import type { Shell } from "./shell.ts"

const DEFAULT_URL = "http://127.0.0.1:8000"

/** Seconds of a token's life from which on it is refreshed, as DiracX's client does. */
const REFRESH_BELOW = 300

export interface UrlOption {
  readonly url?: string
}

/** The service, and the user's right to use it. */
export interface Session {
  readonly url: string
  /** Sends the user's token with each request. */
  readonly http: Http
}

/** @throws UsageError when what names the service is no URL */
export function serviceUrl(
  { url }: UrlOption,
  env: Shell["env"],
  credentials: Credentials | undefined,
): string {
  const [text, source] =
    [
      [url, "--url"] as const,
      [env["SPINOR_URL"], "SPINOR_URL"] as const,
      [env["DIRACX_URL"], "DIRACX_URL"] as const,
      [credentials?.url ?? issuerOf(credentials), "the credentials' URL"] as const,
    ].find(([text]) => text !== undefined && text !== "") ?? []
  if (text === undefined || source === undefined) return DEFAULT_URL
  if (!/^https?:$/.test(URL.parse(text)?.protocol ?? "")) {
    throw new UsageError(`${source} is not an http:// or https:// URL: ${text}`)
  }
  return text.replace(/\/+$/, "")
}

/**
 * Takes up the login that the credentials keep, and renews it when it is about to end.
 * @throws CommandError when there is none, or it has ended
 */
export async function openSession(shell: Shell, option: UrlOption): Promise<Session> {
  const path = credentialsPath(shell)
  const kept = await readCredentials(path)
  if (kept === undefined) throw notLoggedIn()
  const url = serviceUrl(option, shell.env, kept)
  const http = httpClient(url, shell)
  const { access_token: token } = isFresh(kept, shell)
    ? kept
    : await refreshed(path, url, http, shell)
  return { url, http: (request) => http({ ...request, token }) }
}

const isFresh = ({ expires_on }: Credentials, { now }: Shell): boolean =>
  expires_on - now() > REFRESH_BELOW

/** A refresh token can be used once: of several processes one does, the others find what it got. */
async function refreshed(
  path: string,
  url: string,
  http: Http,
  shell: Shell,
): Promise<Credentials> {
  const discovery = await discover(http)
  return await alone(path, shell.pause, async () => {
    const kept = await readCredentials(path)
    if (kept === undefined) throw notLoggedIn()
    if (isFresh(kept, shell)) return kept
    const { refresh_token: token } = kept
    if (typeof token !== "string" || (claimsOf(token).exp ?? Infinity) <= shell.now()) {
      if (kept.expires_on > shell.now()) return kept
      throw new CommandError('your login has ended: log in again with "spinor login"')
    }
    // Ctrl-C must not fall between the token's use and the new one's record.
    const interrupted = AbortSignal.timeout(LONGEST_HOLD_MS)
    const unhurried = httpClient(url, { ...shell, interrupted })
    const tokens = await refreshTokens(unhurried, discovery, token)
    const renewed = credentialsOf(tokens, url, shell.now())
    await writeCredentials(path, renewed)
    return renewed
  })
}

/** DiracX's own client does not keep the URL, but most services sign with it. */
function issuerOf(credentials: Credentials | undefined): string | undefined {
  const issuer = credentials && claimsOf(credentials.access_token).iss
  return issuer !== undefined && /^https?:/.test(issuer) ? issuer : undefined
}
