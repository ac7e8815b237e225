import type { Config } from "@spinor/core/config/schema"
import { plusSeconds, type Instant } from "@spinor/core/instant"

const DAY_SECONDS = 86_400
/** RFC 9116 asks for less than a year. */
const VALID_DAYS = 180

/** Where the VOs' users ask for help, as URIs. */
export const supportContacts = ({ Registry }: Config): string[] => {
  const contacts = Object.values(Registry).flatMap(({ Support: { Email, Webpage } }) => [
    ...(Email === null ? [] : [`mailto:${Email}`]),
    ...(Webpage === null ? [] : [Webpage]),
  ])
  return [...new Set(contacts)]
}

/** Tells whom to tell of a weakness (RFC 9116); valid from today for half a year. */
export function securityTxt(contacts: readonly string[], now: Instant): string {
  const expires = `${plusSeconds(now, VALID_DAYS * DAY_SECONDS).slice(0, 10)}T00:00:00.000Z`
  const lines = contacts.map((contact) => `Contact: ${contact}`)
  return `${[...lines, `Expires: ${expires}`, "Preferred-Languages: en"].join("\n")}\n`
}
