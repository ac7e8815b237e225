import { deflateSync, inflateSync } from "node:zlib"
import { JdlError } from "./error.ts"

/** Bytes of MySQL's type `text`, in which JobJDLs keeps job descriptions. */
const MAX_STORED = 65_535

/** What a compressed description takes at most, as a rule: zlib's usual 16 kB are garbage to collect. */
const USUAL = 1024

/** zlib's largest window: a text that it spans fits the column however it is compressed. */
const LARGEST_WINDOW = 15

/**
 * A job description as JobJDLs keeps it: base64 of its zlib stream, readable by DIRAC.
 * @throws JdlError when it is longer than the column
 */
export function compressJdl(jdl: string): string {
  const bytes = Buffer.from(jdl)
  const compressed = deflateSync(bytes, { chunkSize: USUAL, ...effortFor(bytes.length) })
  const stored = compressed.toString("base64")
  if (stored.length > MAX_STORED) {
    throw new JdlError(`The compressed JDL is longer than ${MAX_STORED} characters`)
  }
  return stored
}

/**
 * Most of the time of a short text goes to making the window ready, so it is the least that spans the text;
 * level 3 halves the rest for one or two bytes more in a hundred.
 */
function effortFor(length: number) {
  const windowBits = Math.max(9, Math.ceil(Math.log2(length)))
  return windowBits > LARGEST_WINDOW ? {} : { windowBits, level: 3 }
}

/** The text of a stored job description; what begins with a bracket was stored without compression. */
export const extractJdl = (stored: string): string =>
  stored.startsWith("[") ? stored : inflateSync(Buffer.from(stored, "base64")).toString()
