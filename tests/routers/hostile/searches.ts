import type { Choices } from "../../support/random.ts"
import { hostileLiteral, hostileText } from "./values.ts"

const COLUMNS = [
  "JobID",
  "Status",
  "Owner",
  "SubmissionTime",
  "HeartBeatTime",
  "VerifiedFlag",
  "AccountedFlag",
  "UserPriority",
  "PilotStamp",
  "LoggingInfo",
  "status",
  "Nope",
  "JobID; --",
  "`JobID`",
  "__proto__",
  "constructor",
]

const OPERATORS = [
  "eq",
  "neq",
  "gt",
  "lt",
  "in",
  "not in",
  "in",
  "not in",
  "like",
  "not like",
  "regex",
  "ilike",
  "EQ",
  "=",
  "between",
  "__proto__",
]

/** A search of columns and operators that may or may not exist, with values that hardly fit. */
export function brokenSearch(draw: Choices): string {
  const several = (one: () => string) => Array.from({ length: draw.below(4) }, one).join(",")
  const text = () => JSON.stringify(hostileText(draw))
  const column = () => JSON.stringify(draw.chance(80) ? draw.pick(COLUMNS) : hostileText(draw))
  const value = () => (draw.chance(10) ? hostileLiteral(draw) : text())
  const spec = () =>
    `{"parameter":${column()},"operator":${JSON.stringify(draw.pick(OPERATORS))},` +
    `"value":${value()},"values":[${several(value)}]}`
  const direction = () => (draw.chance(85) ? draw.pick(['"asc"', '"desc"']) : hostileLiteral(draw))
  const sort = () => `{"parameter":${column()},"direction":${direction()}}`
  const parts = [
    `"search":[${spec()},${several(spec)}]`.replace(",]", "]"),
    `"sort":[${several(sort)}]`,
    `"parameters":[${several(column)}]`,
    `"grouping":[${several(column)}]`,
    `"distinct":${draw.chance(85) ? "true" : hostileLiteral(draw)}`,
  ]
  return `{${parts.filter(() => draw.chance(80)).join(",")}}`
}
