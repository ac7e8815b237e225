import { isMap, type Document } from "yaml"
import { ConfigError } from "./error.ts"

/** The text of a configuration without a VO, to begin with. */
export const EMPTY_CONFIG = `# The configuration of this installation: a commit is in force within seconds.
DIRAC: {}
# One section a VO: its identity provider, users and groups.
Registry: {}
# How the services treat each VO; what stands under Defaults holds for all.
Operations:
  Defaults: {}
`

export interface NewVo {
  readonly vo: string
  readonly idpUrl: string
  readonly idpClientId: string
  readonly defaultGroup: string
}

/** @throws ConfigError when the VO is there already */
export function addVo(document: Document, { vo, idpUrl, idpClientId, defaultGroup }: NewVo): void {
  if (document.hasIn(["Registry", vo])) throw fault(["Registry", vo], "The VO exists already")
  openMap(document, ["Registry"])
  document.setIn(
    ["Registry", vo],
    document.createNode({
      IdP: { URL: idpUrl, ClientID: idpClientId },
      DefaultGroup: defaultGroup,
      Users: {},
      Groups: { [defaultGroup]: { Properties: ["NormalUser"], Users: [] } },
    }),
  )
}

export interface NewUser {
  readonly vo: string
  /** The subject at the VO's identity provider. */
  readonly sub: string
  readonly preferredUsername: string
  /** The VO's default group when empty. */
  readonly groups: readonly string[]
}

/** @throws ConfigError when the user is there already, or the VO or a group is not */
export function addUser(document: Document, user: NewUser): void {
  const { vo, sub, preferredUsername } = user
  const registry = ["Registry", vo]
  if (!document.hasIn(registry)) throw fault(registry, "There is no such VO")
  if (document.hasIn([...registry, "Users", sub])) {
    throw fault([...registry, "Users", sub], "The user exists already")
  }
  openMap(document, [...registry, "Users"])
  document.setIn(
    [...registry, "Users", sub],
    document.createNode({ PreferedUsername: preferredUsername }),
  )
  const groups =
    user.groups.length > 0 ? user.groups : [String(document.getIn([...registry, "DefaultGroup"]))]
  for (const group of new Set(groups)) {
    const path = [...registry, "Groups", group]
    if (!document.hasIn(path)) throw fault(path, "There is no such group")
    document.addIn([...path, "Users"], sub)
  }
}

/** What is to be filled is no longer written as `{}`. */
function openMap(document: Document, path: string[]): void {
  const node = document.getIn(path)
  if (isMap(node) && node.items.length === 0) node.flow = false
}

const fault = (path: string[], message: string) =>
  new ConfigError([{ path: path.join("."), message }])
