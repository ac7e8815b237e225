import { Errors, type HttpClient } from "isomorphic-git"
import { causes } from "../causes.ts"
import { ConfigError } from "./error.ts"
import type { Remote } from "./git-url.ts"

const REFS = "/info/refs?service=git-upload-pack"

/**
 * Speaks to one repository, with its credentials, until the signal ends it. A redirect within the host
 * is followed, as from a name without .git; the credentials go nowhere else.
 */
export function httpTo({ url, authorization }: Remote, signal: AbortSignal): HttpClient {
  let base = url
  return {
    async request({ url: target, method = "GET", headers, body }) {
      const response = await fetch(
        target.replace(url, () => base),
        {
          method,
          headers: { ...headers, ...(authorization !== undefined && { authorization }) },
          ...(body && { body: await joined(body) }),
          signal,
        },
      )
      if (new URL(response.url).origin !== new URL(url).origin) {
        throw new ConfigError([{ path: "", message: `${url} leads to another host` }])
      }
      if (response.url.endsWith(REFS)) base = response.url.slice(0, -REFS.length)
      return {
        url: response.url,
        method,
        headers: Object.fromEntries(response.headers),
        statusCode: response.status,
        statusMessage: response.statusText,
        body: chunksOf(response),
      }
    },
  }
}

async function joined(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = []
  for await (const chunk of chunks) all.push(chunk)
  return Buffer.concat(all)
}

async function* chunksOf({ body }: Response): AsyncGenerator<Uint8Array> {
  if (body) yield* body
}

/**
 * What an exchange with a repository came to, in words that hold no secret. The error itself is not
 * kept: it holds the host's answer, which may repeat the credentials.
 */
export function explained(error: unknown, { url, authorization }: Remote): ConfigError {
  if (error instanceof ConfigError) return error
  return new ConfigError([{ path: "", message: `${url} ${reason(error, authorization)}` }])
}

function reason(error: unknown, authorization: string | undefined): string {
  if (error instanceof Errors.HttpError) {
    const { statusCode } = error.data
    switch (statusCode) {
      case 401:
      case 403:
        return authorization === undefined
          ? `asks for a user and a password (${statusCode})`
          : `refuses the user or the password of the URL (${statusCode})`
      case 404:
        return "is not there, or not for this user (404)"
      default:
        return `answers with an error (${statusCode})`
    }
  }
  for (const each of causes(error)) {
    if (!(each instanceof Error && "code" in each)) continue
    if (!/^[A-Z_]+$/.test(String(each.code))) continue
    return "path" in each
      ? `cannot be kept while it is read (${String(each.code)})`
      : `cannot be reached (${String(each.code)})`
  }
  return error instanceof TypeError
    ? "cannot be reached"
    : "is not a git repository that can be read"
}
