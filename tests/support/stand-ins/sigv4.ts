import { createHash, createHmac, timingSafeEqual } from "node:crypto"
import type { IncomingHttpHeaders } from "node:http"

/** Who may sign, and for what. */
export interface Sigv4Identity {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
  readonly region: string
  readonly service: string
}

/** A request as it arrived. */
export interface SignedRequest {
  readonly method: string
  /** Path and query as they were sent, not decoded. */
  readonly target: string
  readonly headers: IncomingHttpHeaders
  readonly body: Uint8Array
}

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^,\s]+), ?SignedHeaders=([^,\s]+), ?Signature=([0-9a-f]{64})$/
const SKEW_MS = 5 * 60_000

/** Why AWS would refuse the request, in its words; undefined of one that is signed well. */
export function refusal(
  request: SignedRequest,
  identity: Sigv4Identity,
  now: number,
): string | undefined {
  const { headers, body } = request
  const [, credential, signedHeaders = "", signature = ""] =
    AUTHORIZATION.exec(headers.authorization ?? "") ?? []
  if (credential === undefined) return "Missing Authentication Token"
  const [keyId, ...scope] = credential.split("/")
  const time = String(headers["x-amz-date"])
  const expectedScope = [time.slice(0, 8), identity.region, identity.service, "aws4_request"]
  if (scope.join("/") !== expectedScope.join("/")) {
    return "Credential should be scoped to a valid region and service."
  }
  const token = headers["x-amz-security-token"]
  if (keyId !== identity.accessKeyId || token !== identity.sessionToken) {
    return "The security token included in the request is invalid."
  }
  if (!(Math.abs(now - instantOf(time)) <= SKEW_MS)) return `Signature expired: ${time}`

  const signed = signedHeaders.split(";")
  const mustBeSigned = Object.keys(headers).filter(
    (name) => name === "host" || name.startsWith("x-amz-"),
  )
  const unsigned = mustBeSigned.filter((name) => !signed.includes(name))
  if (unsigned.length > 0) return `Must be signed: ${unsigned.join(", ")}`

  const hash = sha256(body)
  const sentHash = headers["x-amz-content-sha256"]
  if (sentHash === undefined ? identity.service === "aoss" : sentHash !== hash) {
    return "The provided 'x-amz-content-sha256' header does not match what was computed."
  }
  const summary = sha256(canonical(request, signed, hash))
  const text = ["AWS4-HMAC-SHA256", time, expectedScope.join("/"), summary].join("\n")
  const key = expectedScope.reduce<string | Buffer>(hmac, `AWS4${identity.secretAccessKey}`)
  return timingSafeEqual(hmac(key, text), Buffer.from(signature, "hex"))
    ? undefined
    : "The request signature we calculated does not match the signature you provided."
}

function canonical({ method, target, headers }: SignedRequest, signed: string[], hash: string) {
  const [path = "", query = ""] = target.split("?")
  return [
    method,
    // What was sent is encoded once more, for every service but S3.
    path.split("/").map(encode).join("/"),
    [...new URLSearchParams(query)]
      .map((pair) => pair.map(encode).join("="))
      .sort()
      .join("&"),
    ...signed.map((name) => `${name}:${String(headers[name]).trim().replace(/ +/g, " ")}`),
    "",
    signed.join(";"),
    hash,
  ].join("\n")
}

const instantOf = (time: string): number =>
  Date.parse(time.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"))

/** All but letters, digits, "-", ".", "_" and "~", unlike encodeURIComponent. */
const encode = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )

const hmac = (key: string | Buffer, text: string): Buffer =>
  createHmac("sha256", key).update(text).digest()

const sha256 = (content: string | Uint8Array): string =>
  createHash("sha256").update(content).digest("hex")
