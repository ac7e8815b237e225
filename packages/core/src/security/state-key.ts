import { createCipheriv, createDecipheriv, createHmac, timingSafeEqual } from "node:crypto"
import * as z from "zod"
import { InvalidRequestError } from "../errors.ts"
import { epochMilliseconds, type Clock } from "../instant.ts"
import type { RandomBytes } from "./random.ts"

/** A Fernet key, as DIRACX_SERVICE_AUTH_STATE_KEY holds it: one half signs, the other encrypts. */
export interface StateKey {
  readonly signing: Buffer
  readonly encryption: Buffer
}

const VERSION = 0x80
const HEAD = 1 + 8 + 16 // version, seconds since 1970, initialisation vector
const DIGEST = 32
const KEY_FORM = /^[\w-]{43}=?$/
const TOKEN_FORM = /^[\w-]+={0,2}$/

/** @throws RangeError when the text is not 32 bytes in base64url */
export function parseStateKey(text: string): StateKey {
  if (!KEY_FORM.test(text.trim())) {
    throw new RangeError("a Fernet key must be 32 url-safe base64-encoded bytes")
  }
  const bytes = Buffer.from(text.trim(), "base64url")
  return { signing: bytes.subarray(0, 16), encryption: bytes.subarray(16) }
}

/** A new key in the spelling of Python's `Fernet.generate_key()`. */
export const newStateKey = (random: RandomBytes): string => padded(random(32))

/** What travels through the VO's identity provider and back, unreadable and unforgeable (Fernet, as DiracX). */
export function sealState(
  state: Readonly<Record<string, string>>,
  key: StateKey,
  { clock, random }: { clock: Clock; random: RandomBytes },
): string {
  const head = Buffer.alloc(HEAD)
  head.writeUInt8(VERSION, 0)
  head.writeBigUInt64BE(BigInt(Math.floor(epochMilliseconds(clock()) / 1000)), 1)
  const iv = random(16)
  iv.copy(head, 9)
  const cipher = createCipheriv("aes-128-cbc", key.encryption, iv)
  const text = padded(Buffer.from(JSON.stringify(state)))
  const body = Buffer.concat([head, cipher.update(text, "latin1"), cipher.final()])
  return padded(Buffer.concat([body, digest(body, key)]))
}

/** @throws InvalidRequestError "Invalid state" when it was not sealed with this key */
export function openState(sealed: string, key: StateKey): Record<string, string> {
  const text = decrypt(sealed, key)
  const state = text === undefined ? undefined : parseJson(text)
  const { success, data } = z.record(z.string(), z.string()).safeParse(state)
  if (!success) throw new InvalidRequestError("Invalid state")
  return data
}

/** The text inside a Fernet token; undefined when it does not hold. */
function decrypt(sealed: string, key: StateKey): string | undefined {
  if (!TOKEN_FORM.test(sealed)) return undefined
  const bytes = Buffer.from(sealed, "base64url")
  if (bytes.length < HEAD + 16 + DIGEST || bytes.readUInt8(0) !== VERSION) return undefined
  const body = bytes.subarray(0, -DIGEST)
  if (!timingSafeEqual(digest(body, key), bytes.subarray(-DIGEST))) return undefined
  try {
    const decipher = createDecipheriv("aes-128-cbc", key.encryption, body.subarray(9, HEAD))
    return Buffer.concat([decipher.update(body.subarray(HEAD)), decipher.final()]).toString()
  } catch {
    return undefined // wrong padding under a right signature: not made by Fernet
  }
}

const digest = (body: Buffer, key: StateKey): Buffer =>
  createHmac("sha256", key.signing).update(body).digest()

function parseJson(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, "base64url").toString())
  } catch {
    return undefined
  }
}

/** base64url with the padding that Python's decoder insists on. */
const padded = (bytes: Buffer): string =>
  bytes.toString("base64").replaceAll("+", "-").replaceAll("/", "_")
