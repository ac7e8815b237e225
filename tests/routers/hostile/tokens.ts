import type { Choices } from "../../support/random.ts"
import { hostileLiteral } from "./values.ts"

const segment = (json: string): string => Buffer.from(json).toString("base64url")

/** Made of a good token, but none: the signature never holds. */
export function brokenToken(good: string, draw: Choices): string {
  const [head = "", body = "", signature = ""] = good.split(".")
  const literal = () => segment(hostileLiteral(draw))
  return draw.pick([
    () => "",
    () => ".",
    () => "..",
    () => "...",
    () => "garbage",
    () => "=".repeat(40),
    () => "a.".repeat(5000),
    () => "x".repeat(100_000),
    () => good.slice(0, draw.below(good.length)),
    () => `${good}x`,
    () => `${good}=`,
    () => `${good}.${signature}`,
    () => `${head}.${body}.`,
    () => `${head}.${literal()}.${signature}`,
    () => `${literal()}.${body}.${signature}`,
    () => `${segment('{"alg":"none"}')}.${body}.`,
    () => `${segment(`{"alg":${hostileLiteral(draw)},"kid":"test"}`)}.${body}.${signature}`,
    () => `${segment(`{"alg":"Ed25519","kid":${hostileLiteral(draw)}}`)}.${body}.${signature}`,
    () => `${segment('{"alg":"Ed25519","kid":"test","crit":["x"]}')}.${body}.${signature}`,
    () => `${segment('{"alg":"Ed25519","kid":"__proto__"}')}.${body}.${signature}`,
    () => `${head}.${body}.${segment("x".repeat(64))}`,
    () => `${body}.${head}.${signature}`,
    () => good.replaceAll(".", " "),
    () => good.toUpperCase(),
  ])()
}
