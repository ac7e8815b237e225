import { SECURITY_PROPERTIES } from "../security/properties.ts"
import type { ConfigFault } from "./error.ts"
import type { Config } from "./schema.ts"

/** What a sound configuration says that nobody can have meant: names that are defined nowhere. */
export function doubtsAbout(config: Config): ConfigFault[] {
  return Object.entries(config.Registry).flatMap(([vo, registry]) => {
    const path = `Registry.${vo}`
    const doubts: ConfigFault[] = []
    if (!registry.Groups[registry.DefaultGroup]) {
      doubts.push({
        path: `${path}.DefaultGroup`,
        message: `There is no group ${registry.DefaultGroup}`,
      })
    }
    for (const [group, { Users, Properties }] of Object.entries(registry.Groups)) {
      for (const user of Users.filter((user) => !registry.Users[user])) {
        doubts.push({ path: `${path}.Groups.${group}.Users`, message: `There is no user ${user}` })
      }
      for (const property of Properties.filter((name) => !KNOWN.has(name))) {
        doubts.push({
          path: `${path}.Groups.${group}.Properties`,
          message: `Nobody with ${property} can sign in: it is not a property that Spinor knows`,
        })
      }
    }
    return doubts
  })
}

const KNOWN: ReadonlySet<string> = new Set(SECURITY_PROPERTIES)
