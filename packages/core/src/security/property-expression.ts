import type { SecurityProperty } from "./properties.ts"

/** Whether a caller who holds these properties meets a condition. */
export type PropertyExpression = (held: ReadonlySet<string>) => boolean

export const holds =
  (property: SecurityProperty): PropertyExpression =>
  (held) =>
    held.has(property)

export const allOf =
  (...expressions: PropertyExpression[]): PropertyExpression =>
  (held) =>
    expressions.every((meets) => meets(held))

export const anyOf =
  (...expressions: PropertyExpression[]): PropertyExpression =>
  (held) =>
    expressions.some((meets) => meets(held))

/** Exclusive or of two; three or more are chained. */
export const eitherOf =
  (one: PropertyExpression, other: PropertyExpression): PropertyExpression =>
  (held) =>
    one(held) !== other(held)

export const not =
  (expression: PropertyExpression): PropertyExpression =>
  (held) =>
    !expression(held)
