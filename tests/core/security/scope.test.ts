import { expect, it } from "vitest"
import { parseConfig } from "@spinor/core/config/schema"
import { parseScope } from "@spinor/core/security/scope"

const config = parseConfig({
  DIRAC: {},
  Registry: {
    lhcb: {
      IdP: { URL: "https://idp.example", ClientID: "id" },
      DefaultGroup: "constructor",
      Users: {},
      Groups: { user: { Properties: ["NormalUser"], Users: [] } },
    },
  },
})
const parse = (scope: string) => parseScope(scope, config, new Set(["NormalUser", "Operator"]))

it("takes no VO and no group from what objects have of themselves", () => {
  expect(() => parse("vo:constructor")).toThrow("VO constructor is not known to this installation")
  expect(() => parse("vo:lhcb group:toString")).toThrow("toString not in lhcb groups")
})

it("refuses a default group that is not defined", () => {
  expect(() => parse("vo:lhcb")).toThrow("constructor not in lhcb groups")
})

it("tells an unknown property before one of another group", () => {
  expect(() => parse("vo:lhcb group:user property:Operator property:X")).toThrow(
    /^\{'X'\} are not valid properties$/,
  )
  expect(() => parse("vo:lhcb group:user property:Operator")).toThrow(
    /^\{'Operator'\} are not valid properties of user$/,
  )
})
