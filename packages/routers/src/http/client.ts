import { BlockList, isIP } from "node:net"
import type { Context } from "hono"
import type { ServiceSettings } from "../deps.ts"

/** Who calls, and under what name the service is known there. */
export interface Client {
  /** Undefined where there is no network between, as in a test. */
  readonly address: string | undefined
  /** Scheme and host of the service's own URLs. */
  readonly origin: string
}

/**
 * Knows the client by what the proxies in between say, if they are trusted. Without SPINOR_PUBLIC_URL
 * the service's name is the one that they were asked for, else that of the Host header.
 */
export function clientKnower({
  publicUrl,
  trustedProxies,
}: Pick<ServiceSettings, "publicUrl" | "trustedProxies">): (c: Context) => Client {
  const trusted = addresses(trustedProxies)
  const isTrusted = (address: string) =>
    trusted.check(address, isIP(address) === 6 ? "ipv6" : "ipv4")

  return (c) => {
    const peer = peerOf(c)
    const own = new URL(c.req.url)
    if (peer === undefined || !isTrusted(peer)) {
      return { address: peer, origin: publicUrl ?? own.origin }
    }
    const scheme = first(c.req.header("x-forwarded-proto")) ?? own.protocol.slice(0, -1)
    const host = first(c.req.header("x-forwarded-host")) ?? own.host
    const forwarded = URL.parse(`${scheme}://${host}`)
    const isWeb = forwarded?.protocol === "http:" || forwarded?.protocol === "https:"
    const hops = (c.req.header("x-forwarded-for") ?? "").split(",").map(withoutPort)
    // The last one that is none of ours wrote nothing before it that could be believed.
    const last = hops.findLast((hop) => isIP(hop) === 0 || !isTrusted(hop)) ?? peer
    const address = isIP(last) === 0 ? peer : last
    return { address, origin: publicUrl ?? (isWeb ? forwarded.origin : own.origin) }
  }
}

function addresses(ranges: readonly string[]): BlockList {
  const list = new BlockList()
  for (const range of ranges) {
    const [address = "", prefix] = range.split("/")
    const family = isIP(address) === 6 ? "ipv6" : "ipv4"
    if (prefix === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(prefix), family)
  }
  return list
}

/** Some proxies write `203.0.113.5:1234` and `[2001:db8::1]:1234`. */
const withoutPort = (hop: string): string =>
  hop.trim().replace(/^\[(.*)\](?::\d+)?$|^([\d.]+):\d+$/, "$1$2")

/** Node's server and Lambda's event each have their own way of saying it. */
function peerOf(c: Context): string | undefined {
  const env = c.env as Environment | undefined
  const address = env?.incoming?.socket?.remoteAddress ?? env?.event?.requestContext?.http?.sourceIp
  return address?.replace(/^::ffff:(?=\d+\.)/, "")
}

interface Environment {
  readonly incoming?: { readonly socket?: { readonly remoteAddress?: string } }
  readonly event?: { readonly requestContext?: { readonly http?: { readonly sourceIp?: string } } }
}

const first = (list: string | undefined): string | undefined => list?.split(",")[0]?.trim()
