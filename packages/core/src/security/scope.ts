import type { Config } from "../config/schema.ts"
import { InvalidRequestError } from "../errors.ts"

/** What a user asks to act as. */
export interface Scope {
  readonly vo: string
  readonly group: string
  /** Sorted; all of the group's. */
  readonly properties: readonly string[]
}

/**
 * Reads an OAuth 2 scope (`vo:lhcb group:lhcb_user property:NormalUser`) against the configuration, in any
 * order; without a group it is the VO's default one.
 * @throws InvalidRequestError in DiracX's words. Where DiracX lets a property of another group of the user
 * pass, it is refused: a group is what its users are confined to
 */
export function parseScope(
  scope: string,
  config: Pick<Config, "Registry">,
  availableProperties: ReadonlySet<string>,
): Scope {
  const asked = askedBy(scope)
  const vo = onlyOf(asked.vo, (vos) => `Only one vo is allowed but got ${vos}`)
  if (vo === undefined) {
    const known = Object.keys(config.Registry).map((vo) => `'vo:${vo}'`)
    throw new InvalidRequestError(`No vo scope requested, available values: ${known.join(" ")}`)
  }
  const registry = config.Registry[vo]
  if (!registry) throw new InvalidRequestError(`VO ${vo} is not known to this installation`)

  const group =
    onlyOf(asked.group, (groups) => `Only one DIRAC group allowed but got ${groups}`) ??
    registry.DefaultGroup
  const properties = registry.Groups[group]?.Properties
  if (!properties) throw new InvalidRequestError(`${group} not in ${vo} groups`)

  const unknown = [...asked.property, ...properties].filter(
    (name) => !availableProperties.has(name),
  )
  if (unknown.length > 0) {
    throw new InvalidRequestError(`{${quoted(unknown)}} are not valid properties`)
  }
  const foreign = asked.property.filter((name) => !properties.includes(name))
  if (foreign.length > 0) {
    throw new InvalidRequestError(`{${quoted(foreign)}} are not valid properties of ${group}`)
  }
  return { vo, group, properties }
}

/** The properties of all groups of a user together (DiracX's get_allowed_user_properties), sorted. */
export function propertiesOfUser(
  config: Pick<Config, "Registry">,
  vo: string,
  subject: string,
): string[] {
  const groups = Object.values(config.Registry[vo]?.Groups ?? {})
  const held = groups.filter(({ Users }) => Users.includes(subject))
  return [...new Set(held.flatMap(({ Properties }) => Properties))].sort()
}

function askedBy(scope: string): Record<"vo" | "group" | "property", string[]> {
  const asked = { vo: [] as string[], group: [] as string[], property: [] as string[] }
  const unrecognised: string[] = []
  for (const item of new Set(scope.split(" "))) {
    const [, kind, name] = /^(vo|group|property):([^]*)$/.exec(item) ?? []
    if (name !== undefined && (kind === "vo" || kind === "group" || kind === "property")) {
      asked[kind].push(name)
    } else {
      unrecognised.push(item)
    }
  }
  if (unrecognised.length > 0) {
    throw new InvalidRequestError(`Unrecognised scopes: [${quoted(unrecognised)}]`)
  }
  return asked
}

function onlyOf(names: string[], refusal: (names: string) => string): string | undefined {
  if (names.length > 1) throw new InvalidRequestError(refusal(`[${quoted(names)}]`))
  return names[0]
}

/** As Python shows a list of texts; sorted, where DiracX's order is that of a set. */
const quoted = (names: readonly string[]): string =>
  [...new Set(names)]
    .sort()
    .map((name) => `'${name}'`)
    .join(", ")
