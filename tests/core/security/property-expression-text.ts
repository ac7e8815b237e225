import { SECURITY_PROPERTIES } from "@spinor/core/security/properties"
import {
  allOf,
  anyOf,
  eitherOf,
  holds,
  not,
  type PropertyExpression,
} from "@spinor/core/security/property-expression"

const JOINED: Record<string, typeof eitherOf> = { "&": allOf, "|": anyOf, "^": eitherOf }

/** Reads an expression as DiracX prints it: `((NormalUser & JobAdministrator) | ~Operator)`. */
export function parseExpression(text: string): PropertyExpression {
  const tokens = text.match(/\w+|[()~&|^]/g) ?? []
  const operand = (): PropertyExpression => {
    const token = tokens.shift()
    if (token === "~") return not(operand())
    if (token !== "(") {
      const property = SECURITY_PROPERTIES.find((name) => name === token)
      if (!property) throw new Error(`Not a property: ${token}`)
      return holds(property)
    }
    const left = operand()
    const join = JOINED[tokens.shift() ?? ""]
    if (!join) throw new Error(`Not an expression: ${text}`)
    const joined = join(left, operand())
    tokens.shift()
    return joined
  }
  return operand()
}
