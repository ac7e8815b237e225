import { epochMilliseconds, instantOfEpoch, type Instant } from "../instant.ts"
import type { RandomBytes } from "./random.ts"

const FORM =
  /^(?:[0-9a-f]{32}|(?:urn:uuid:)?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\{[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\})$/

/** A new UUID of version 7 for that millisecond (RFC 9562, section 5.7), in lower case with dashes. */
export function uuid7(at: Instant, random: RandomBytes): string {
  const bytes = Buffer.concat([timestamp(at), random(10)])
  bytes.writeUInt8(0x70 | (bytes.readUInt8(6) & 0x0f), 6)
  bytes.writeUInt8(0x80 | (bytes.readUInt8(8) & 0x3f), 8)
  return dashed(bytes.toString("hex"))
}

/** The lowest UUIDv7 of that millisecond: whatever was made before sorts before it. */
export const lowestUuid7 = (at: Instant): string => uuid7(at, (size) => Buffer.alloc(size))

/**
 * When a UUIDv7 was made, to the millisecond.
 * @throws RangeError when it is no UUID, of another version, or from after the year 9999
 */
export function instantOfUuid7(text: string): Instant {
  const uuid = parseUuid(text)
  if (!/^.{14}7.{4}[89ab]/.test(uuid)) throw new RangeError(`UUID ${uuid} is not a UUIDv7`)
  return instantOfEpoch(Number.parseInt(uuid.slice(0, 8) + uuid.slice(9, 13), 16))
}

/**
 * Any spelling of a UUID (dashed, bare, braced, urn, upper case) in lower case with dashes.
 * @throws RangeError when it is none
 */
export function parseUuid(text: string): string {
  const lower = text.toLowerCase()
  if (!FORM.test(lower)) throw new RangeError("badly formed hexadecimal UUID string")
  return dashed(lower.replace("urn:uuid:", "").replaceAll(/[{}-]/g, ""))
}

function timestamp(at: Instant): Buffer {
  const milliseconds = epochMilliseconds(at)
  if (milliseconds < 0) throw new RangeError(`No UUIDv7 before 1970: ${at}`)
  const bytes = Buffer.alloc(6)
  bytes.writeUIntBE(milliseconds, 0, 6)
  return bytes
}

const dashed = (hex: string): string =>
  [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-")
