import { InvalidRequestError } from "../errors.ts"

/** The pattern that DiracX's document tells of a PFN: one of a sandbox, with or without its SE. */
export const DOCUMENTED_PFN =
  "^(:?SB:[A-Za-z]+\\|)?/S3/[a-z0-9\\.\\-]{3,63}(?:/[^/]+){3}/[a-z0-9]{3,10}:[0-9a-f]{64}\\.[a-z0-9\\.]+$"

/** What was meant by it: names of SEs hold digits too, and the digits of a checksum have either case. */
const PFN =
  /^(?::?SB:[\w.-]+\|)?\/S3\/[a-z0-9.-]{3,63}(?:\/[^/]+){3}\/[a-z0-9]{3,10}:[0-9a-fA-F]{64}\.[a-z0-9.]+$/

export const MAX_PFN_LENGTH = 256

export const isPfn = (text: string): boolean => PFN.test(text)

/** What a PFN is made of: who owns the sandbox, and what is in it. */
export interface PfnParts {
  readonly bucket: string
  readonly vo: string
  readonly group: string
  readonly user: string
  readonly algorithm: string
  /** In hexadecimal digits, in the case in which it was sent. */
  readonly checksum: string
  readonly format: string
}

/** The folder, so to say, in which a user's sandboxes are, with the final slash. */
export const ownPrefix = ({
  bucket,
  vo,
  group,
  user,
}: Omit<PfnParts, "algorithm" | "checksum" | "format">) => `/S3/${bucket}/${vo}/${group}/${user}/`

/** Steps of a path, and what some databases and stores cannot hold. */
const UNUSABLE = /\/\.{1,2}\/|\p{Cc}|\p{Cs}/u

/**
 * The PFN as it is stored, without its SE (DiracX's get_pfn).
 * @throws InvalidRequestError for names of which no PFN can be made that the service takes again
 */
export function pfnOf(parts: PfnParts, seName: string): string {
  const { algorithm, checksum, format } = parts
  const pfn = `${ownPrefix(parts)}${algorithm}:${checksum}.${format}`
  const isLong = withSe(pfn, seName).length > MAX_PFN_LENGTH
  if (!isPfn(pfn) || UNUSABLE.test(pfn) || isLong) {
    throw new InvalidRequestError("No PFN can be made of these names of VO, group and user")
  }
  return pfn
}

export const withSe = (pfn: string, seName: string): string => `SB:${seName}|${pfn}`

/** A PFN without its SE: what stands after the first bar. */
export const withoutSe = (pfn: string): string => pfn.slice(pfn.indexOf("|") + 1)

/** Under which key the object of a PFN is in its bucket. */
export const keyOf = (pfn: string): string => pfn.split("/").slice(3).join("/")
