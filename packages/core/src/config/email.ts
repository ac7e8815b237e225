import { domainToASCII, domainToUnicode } from "node:url"

/** Top-level names at which nobody has mail (RFC 6761 and others), as Python's email-validator refuses them. */
const RESERVED = new Set(["arpa", "invalid", "local", "localhost", "onion", "test"])

const LOCAL = /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u
const DOMAIN = /^[\p{L}\p{M}\p{N}.-]+$/u
const LABEL = /^[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/
const NAMED = /^[^<>]*<([^<>]+)>\s*$/

/**
 * The address in its canonical form (domain in lower case); with a display name, the address in it.
 * @throws RangeError with a sentence that says what is wrong
 */
export function emailAddress(text: string): string {
  if (/[\r\n]/.test(text)) {
    throw invalid("Carriage return and line feed characters are not allowed")
  }
  const address = (NAMED.exec(text)?.[1] ?? text).trim()
  const at = address.lastIndexOf("@")
  if (at < 0) throw invalid("An email address must have an @-sign.")
  const local = address.slice(0, at).normalize("NFC")
  if (local === "") throw invalid("There must be something before the @-sign.")
  if (!LOCAL.test(local)) throw invalid("The part before the @-sign is not valid.")
  if (!DOMAIN.test(address.slice(at + 1))) throw invalid("The part after the @-sign is not valid.")
  const domain = domainToASCII(address.slice(at + 1))
  const labels = domain.split(".")
  const top = labels.at(-1) ?? ""
  if (!labels.every((label) => LABEL.test(label)) || domain.length > 253) {
    throw invalid("The part after the @-sign is not valid.")
  }
  if (labels.length < 2) {
    throw invalid("The part after the @-sign is not valid. It should have a period.")
  }
  if (/^\d/.test(top)) {
    throw invalid(
      "The part after the @-sign is not valid. It is not within a valid top-level domain.",
    )
  }
  if (RESERVED.has(top)) {
    throw invalid(
      "The part after the @-sign is a special-use or reserved name that cannot be used with email.",
    )
  }
  return `${local}@${domainToUnicode(domain)}`
}

const invalid = (reason: string): RangeError =>
  new RangeError(`value is not a valid email address: ${reason}`)
