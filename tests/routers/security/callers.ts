import { SECURITY_PROPERTIES, type SecurityProperty } from "@spinor/core/security/properties"
import type { Caller } from "../../support/service.ts"

/** Somebody whose token holds, seen from what belongs to alice of testvo. */
export interface Who {
  /** The one property of the token, if any. */
  readonly property: SecurityProperty | undefined
  readonly isOwner: boolean
  readonly isOfVo: boolean
}

interface NamedCaller extends Who {
  readonly name: string
  readonly caller: Caller
}

/** A namesake of another VO may be taken for the owner. */
const PEOPLE = [
  { name: "alice", vo: "testvo" },
  { name: "bob", vo: "testvo" },
  { name: "alice", vo: "othervo" },
]

/** The owner, a colleague and a namesake of another VO, each with every property alone and with none. */
export const callers: readonly NamedCaller[] = PEOPLE.flatMap(({ name, vo }) =>
  [undefined, ...SECURITY_PROPERTIES].map((property) => ({
    property,
    isOwner: name === "alice" && vo === "testvo",
    isOfVo: vo === "testvo",
    name: `${name} of ${vo} with ${property ?? "no property"}`,
    caller: { name, vo, properties: property === undefined ? [] : [property] },
  })),
)
