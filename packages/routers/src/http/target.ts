/** What a request asks for, as it was sent: percent-encoded. */
export interface Target {
  /** "http" or "https". */
  readonly scheme: string
  readonly path: string
  /** Without its question mark. */
  readonly query: string
}

const FORM = /^([^:]*):\/\/[^/]*([^?#]*)(?:\?([^#]*))?/

/** Reads the URL of a Request, which is one for sure: `new URL` would take ten times as long. */
export function targetOf(url: string): Target {
  const [, scheme = "", path = "", query = ""] = FORM.exec(url) ?? []
  return { scheme, path, query }
}
