import type { OperationConfig } from "@spinor/routers/operation"
import type { Choices } from "../../support/random.ts"
import { admin, alice, type Caller, type Service } from "../../support/service.ts"
import { brokenBody } from "./bodies.ts"
import { sampleOf } from "./samples.ts"
import { brokenToken } from "./tokens.ts"
import { hostileEncoded } from "./values.ts"

/** A request that is wrong somewhere. */
export interface HostileRequest {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array<ArrayBuffer>
}

type Fields = Record<string, string>

const JSON_TYPE = "application/json"
const FORM_TYPE = "application/x-www-form-urlencoded"

/** May submit, and manage all jobs. */
const almighty: Caller = {
  ...admin,
  properties: ["NormalUser", "JobAdministrator", "ServiceAdministrator", "ProxyManagement"],
}
/** Somebody whose token holds, and who may do nothing. */
const nobody: Caller = { group: "none", properties: [] }
const CALLERS = [alice, almighty, almighty, nobody]

/** Operations that change nothing when a request turns out well, as the job that it names does not exist. */
const HARMLESS =
  /_search$|_summary$|^jobs_(set_job_statuses|add_heartbeat|patch_metadata|reschedule_jobs)$/

/**
 * A request to an operation that is good but for one or two of its parts. By chance it may be good
 * after all: then it comes from somebody who may do nothing.
 */
export function hostileRequest(
  config: OperationConfig,
  service: Service,
  draw: Choices,
): HostileRequest {
  const good = goodRequest(config, service.tokenFor(draw.pick(CALLERS)), draw)
  let request = draw.pick(faultsOf(config, good))(draw)
  if (draw.chance(20)) request = { ...request, ...headerFault(request, draw) }
  if (config.method === "get" || HARMLESS.test(config.operationId)) return request
  const { authorization = "" } = request.headers
  const isGoodToken = authorization === good.headers["authorization"]
  return isGoodToken && !isRefused(config, request)
    ? requestOf(request, { authorization: `Bearer ${service.tokenFor(nobody)}` })
    : request
}

const requestOf = (request: HostileRequest, headers: Fields): HostileRequest => ({
  ...request,
  headers: { ...request.headers, ...headers },
})

/** Whether the body or the form is certainly not what the operation takes. */
function isRefused({ json }: OperationConfig, { body }: HostileRequest): boolean {
  if (json === undefined || typeof body !== "string") return false
  try {
    return !json.safeParse(JSON.parse(body)).success
  } catch {
    return true
  }
}

interface GoodRequest extends HostileRequest {
  readonly parameters: Fields
  readonly query: Fields
  readonly form: Fields
}

function goodRequest(config: OperationConfig, token: string, draw: Choices): GoodRequest {
  const parameters = textsOf(config.pathParameters && sampleOf(config.pathParameters, draw))
  const query = textsOf(config.query && sampleOf(config.query, draw))
  const form = textsOf(config.form && sampleOf(config.form, draw))
  const body = config.json && JSON.stringify(sampleOf(config.json, draw))
  return {
    method: config.method.toUpperCase(),
    path: urlOf(config.path, parameters, pairsOf(query)),
    headers: {
      authorization: `Bearer ${token}`,
      ...(config.json && { "content-type": JSON_TYPE }),
      ...(config.form && { "content-type": FORM_TYPE }),
    },
    parameters,
    query,
    form,
    ...(body !== undefined && { body }),
    ...(config.form && { body: pairsOf(form).join("&") }),
  }
}

type Fault = (draw: Choices) => HostileRequest

/** What can be wrong with a request to such an operation; faults of bodies are drawn the most. */
function faultsOf(config: OperationConfig, good: GoodRequest): Fault[] {
  const { parameters, query, form } = good
  const always: Fault[] = [
    (draw) => ({ ...good, ...headerFault(good, draw) }),
    (draw) => ({
      ...good,
      method: draw.pick(["PUT", "TRACEX", "DELETE", "OPTIONS", "HEAD", "GET", "POST"]),
    }),
    (draw) => ({ ...good, path: brokenPath(good.path, draw) }),
    (draw) => ({ ...good, path: urlOf(config.path, parameters, brokenPairs(query, draw)) }),
  ]
  const ofPath: Fault = (draw) => {
    const broken = Object.keys(parameters).map((name) => [name, hostileEncoded(draw)])
    // With a slash too many it is answered by a redirect, whose address repeats what stands there.
    const path = draw.chance(25) ? `${config.path}/` : config.path
    return { ...good, path: urlOf(path, Object.fromEntries(broken), pairsOf(query)) }
  }
  const ofJson: Fault = (draw) => ({
    ...good,
    body: brokenBody(sampleOf(config.json ?? unreachable(), draw), draw),
  })
  const ofForm: Fault = (draw) => ({ ...good, body: brokenForm(form, draw) })
  const ofQuery = always.slice(-1)
  return [
    ...always,
    ...(config.pathParameters ? [ofPath, ofPath, ofPath] : []),
    ...(config.query ? [...ofQuery, ...ofQuery, ...ofQuery] : []),
    ...(config.json ? [ofJson, ofJson, ofJson, ofJson, ofJson, ofJson, ofJson, ofJson] : []),
    ...(config.form ? [ofForm, ofForm, ofForm, ofForm, ofForm] : []),
  ]
}

function headerFault(
  { headers, body }: HostileRequest,
  draw: Choices,
): Pick<HostileRequest, "headers" | "body"> {
  const { authorization = "", ...others } = headers
  const token = authorization.slice("Bearer ".length)
  const type = draw.pick([
    "",
    "text/plain",
    "application/jsonx",
    FORM_TYPE,
    JSON_TYPE,
    "multipart/form-data",
    "*/*",
    "é",
  ])
  const changes: Fields[] = [
    { authorization: `Bearer ${brokenToken(token, draw)}` },
    { authorization: brokenToken(token, draw) },
    {
      authorization: draw.pick([
        "Basic YTpi",
        "Bearer",
        "bearer  ",
        "Bearer\u00a0x",
        "Negotiate",
        ",",
      ]),
    },
    { "content-type": type },
    { "content-type": `${JSON_TYPE}; charset=${draw.pick(["utf-16", "latin-1", "\u00ff"])}` },
    { "content-length": draw.pick(["-1", "0", "99999999999999999999", "x", "1e3"]) },
    { "content-encoding": "gzip" },
    { "if-none-match": draw.pick(["*", '"', 'W/"', ",".repeat(50_000), "x".repeat(100_000)]) },
    { "if-modified-since": draw.pick(["yesterday", "Fri, 31 Feb 9999 99:99:99 GMT", "0"]) },
    {
      "diracx-client-version": draw.pick([
        "foo",
        "1.".repeat(10_000),
        "0.0.0",
        "1!0",
        "-1",
        "\u00e9",
      ]),
    },
    { origin: draw.pick(["null", "http://[", "https://evil.example", "http://localhost:3000"]) },
    { "x-forwarded-for": "1, 2, 3", "x-forwarded-host": "[", "x-forwarded-proto": "javascript" },
    { "x-request-id": "\u00ff".repeat(200), range: "bytes=0-", expect: "x", host: "[::1" },
  ]
  const changed = { ...others, ...(draw.chance(90) && { authorization }), ...draw.pick(changes) }
  return { headers: changed, ...(body !== undefined && { body }) }
}

/** A path that leads nowhere, or is not encoded as it should be. */
function brokenPath(path: string, draw: Choices): string {
  const slashes = [...path.matchAll(/\//g)].map(({ index }) => index)
  const at = draw.pick(slashes) + 1
  const piece = draw.pick([
    "/",
    "../",
    "./",
    "%2f",
    "%2e%2e/",
    "%",
    "%ff",
    "%00",
    "\\",
    "%5c",
    "@",
    "😀",
    ":x",
    "*",
    "{jti}",
    "?",
    "??",
  ])
  return draw.pick([
    path.slice(0, at) + piece + path.slice(at),
    path.slice(0, at) + hostileEncoded(draw) + path.slice(at),
    path.replace("/api", "/API"),
    `${path.split("?")[0]}/`,
    `${path}/${"x/".repeat(2000)}`,
  ])
}

/** Missing, doubled, unknown, with a value that does not fit. */
function brokenPairs(fields: Fields, draw: Choices): string[] {
  const names = Object.keys(fields)
  const name = names.length > 0 ? draw.pick(names) : "x"
  const others = pairsOf(fields).filter((pair) => !pair.startsWith(`${name}=`))
  return draw.pick([
    () => others,
    () => [],
    () => [...others, `${name}=${hostileEncoded(draw)}`],
    () => [...others, `${name}=${hostileEncoded(draw)}`],
    () => [...others, `${name}=${hostileEncoded(draw)}`],
    () => [...others, `${name}=${hostileEncoded(draw)}`, `${name}=${hostileEncoded(draw)}`],
    () => [...others, `${name}[]=1`, `${name}=`],
    () => [...others, name],
    () => [...pairsOf(fields), `${hostileEncoded(draw)}=${hostileEncoded(draw)}`],
    () => Array.from({ length: 3000 }, (_, i) => `${name}=${i}`),
  ])()
}

function brokenForm(form: Fields, draw: Choices): string | Uint8Array<ArrayBuffer> {
  const text = brokenPairs(form, draw).join("&")
  if (draw.chance(80)) return text
  const bytes = Uint8Array.from(Buffer.from(`${text}\u00ff`, "latin1"))
  bytes.set([draw.pick([0, 0xc0, 0xff, 0xed, 0x80])], draw.below(bytes.length))
  return bytes
}

const urlOf = (template: string, parameters: Fields, pairs: readonly string[]): string => {
  const path = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => parameters[name] ?? "x")
  return pairs.length > 0 ? `${path}?${pairs.join("&")}` : path
}

const pairsOf = (fields: Fields): string[] =>
  Object.entries(fields).map(([name, value]) => `${name}=${encodeURIComponent(value)}`)

const textsOf = (sample: unknown): Fields =>
  Object.fromEntries(Object.entries(sample ?? {}).map(([name, value]) => [name, String(value)]))

const unreachable = (): never => {
  throw new Error("The operation takes no JSON")
}
