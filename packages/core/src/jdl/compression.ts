import { deflateSync, inflateSync } from "node:zlib"
import { JdlError } from "./error.ts"

/** Bytes of MySQL's type `text`, in which JobJDLs keeps job descriptions. */
const MAX_STORED = 65_535

/** What a compressed description takes at most, as a rule: zlib's usual 16 kB are garbage to collect. */
const USUAL = 1024

/**
 * A job description as JobJDLs keeps it: base64 of its zlib stream, readable by DIRAC.
 * @throws JdlError when it is longer than the column
 */
export function compressJdl(jdl: string): string {
  const stored = deflateSync(jdl, { chunkSize: USUAL }).toString("base64")
  if (stored.length > MAX_STORED) {
    throw new JdlError(`The compressed JDL is longer than ${MAX_STORED} characters`)
  }
  return stored
}

/** The text of a stored job description; what begins with a bracket was stored without compression. */
export const extractJdl = (stored: string): string =>
  stored.startsWith("[") ? stored : inflateSync(Buffer.from(stored, "base64")).toString()
