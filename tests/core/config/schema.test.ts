import { describe, expect, it } from "vitest"
import { ConfigError } from "@spinor/core/config/error"
import { parseConfig } from "@spinor/core/config/schema"
import { doubtsAbout } from "@spinor/core/config/doubts"

const vo = (more: object = {}, group: object = {}, user: object = {}) => ({
  IdP: { URL: "https://idp.example", ClientID: "id" },
  DefaultGroup: "user",
  Users: { sub: { PreferedUsername: "alice", ...user } },
  Groups: { user: { Properties: ["NormalUser"], Users: ["sub"], ...group } },
  ...more,
})
const withVo = (...parts: Parameters<typeof vo>) =>
  parseConfig({ DIRAC: {}, Registry: { lhcb: vo(...parts) } }).Registry["lhcb"]

const faultsOf = (action: () => unknown): readonly string[] => {
  try {
    action()
  } catch (error) {
    if (error instanceof ConfigError) return error.faults.map(({ path }) => path)
    throw error
  }
  return []
}

describe("values are taken as pydantic takes them", () => {
  it.each([
    ["250", 250],
    [" +7 ", 7],
    ["1_000", 1000],
    ["2.00", 2],
    [2, 2],
    [true, 1],
  ])("the integer %j", (value, expected) => {
    expect(withVo({}, { JobShare: value })?.Groups["user"]?.JobShare).toBe(expected)
  })

  it.each([2.5, "2.5", "1__0", "1e3", "0x10", "", [], {}, null, Number.POSITIVE_INFINITY, 2 ** 60])(
    "not the integer %j",
    (value) => {
      expect(faultsOf(() => withVo({}, { JobShare: value }))).toEqual([
        "Registry.lhcb.Groups.user.JobShare",
      ])
    },
  )

  it.each([
    ["On", true],
    ["T", true],
    ["n", false],
    [0, false],
    [1, true],
  ])("the flag %j", (value, expected) => {
    expect(withVo({}, { AutoAddVOMS: value })?.Groups["user"]?.AutoAddVOMS).toBe(expected)
  })

  it.each([" on", "", 2, 0.5, null, []])("not the flag %j", (value) => {
    expect(faultsOf(() => withVo({}, { AutoAddVOMS: value }))).toHaveLength(1)
  })

  it.each([
    [" 1.5 ", 1.5],
    [".5", 0.5],
    ["5.", 5],
    ["1e3", 1000],
    [true, 1],
  ])("the number %j", (value, expected) => {
    expect(withVo({ DefaultStorageQuota: value })?.DefaultStorageQuota).toBe(expected)
  })

  it.each([
    ["Alice@EXAMPLE.com", "Alice@example.com"],
    ["Alice A. <a@x.ch>", "a@x.ch"],
    [" a+b@x.ch ", "a+b@x.ch"],
    ["a@xn--bcher-kva.de", "a@bücher.de"],
    ["ü@x.ch", "ü@x.ch"],
  ])("the address %j", (value, expected) => {
    expect(withVo({}, {}, { Email: value })?.Users["sub"]?.Email).toBe(expected)
  })

  it.each(["a@b", "a..b@x.ch", "a@x.test", "a@x.123", "a@x_y.ch", "a@x-.ch", "a@x.ch\n", "@x.ch"])(
    "not the address %j",
    (value) => {
      expect(faultsOf(() => withVo({}, {}, { Email: value }))).toEqual([
        "Registry.lhcb.Users.sub.Email",
      ])
    },
  )

  it("sets are sorted and hold nothing twice", () => {
    const group = withVo({}, { Users: ["b", "a", "b"] })?.Groups["user"]
    expect(group?.Users).toEqual(["a", "b"])
  })
})

describe("a configuration", () => {
  it("knows no VO, group or user by a name that objects have of themselves", () => {
    const { Registry } = parseConfig({ DIRAC: {}, Registry: { lhcb: vo() } })
    expect(Registry["constructor"]).toBeUndefined()
    expect(Registry["lhcb"]?.Groups["toString"]).toBeUndefined()
  })

  it("names a fault under the key that the file has", () => {
    const config = {
      DIRAC: {},
      Registry: {},
      Resources: { Computing: { os_compatibility: { a: 1 } } },
    }
    expect(faultsOf(() => parseConfig(config))).toEqual(["Resources.Computing.os_compatibility.a"])
  })

  it("is refused whatever else a file may hold", () => {
    for (const raw of [null, undefined, "text", 1, [], new Date()]) {
      expect(() => parseConfig(raw)).toThrow("The file should hold a mapping")
    }
  })

  it("does not change what it was made of", () => {
    const raw = {
      DIRAC: {},
      Registry: { lhcb: vo() },
      Operations: { Defaults: { Pilot: { a: 1 } } },
    }
    const before = structuredClone(raw)
    parseConfig(raw)
    expect(raw).toEqual(before)
  })

  it("raises doubts where it names what is defined nowhere", () => {
    const group = { Properties: ["Whatever"], Users: ["sub", "ghost"] }
    const config = parseConfig({
      DIRAC: {},
      Registry: { lhcb: vo({ DefaultGroup: "none" }, group) },
    })
    expect(doubtsAbout(config).map(({ path }) => path)).toEqual([
      "Registry.lhcb.DefaultGroup",
      "Registry.lhcb.Groups.user.Users",
      "Registry.lhcb.Groups.user.Properties",
    ])
  })
})
