import { describe, expect, it } from "vitest"
import { ConfigError } from "@spinor/core/config/error"
import { jsonOf } from "@spinor/core/config/values"
import { readYaml } from "@spinor/core/config/yaml"

describe("YAML is read as PyYAML reads it", () => {
  it.each<[text: string, json: unknown]>([
    ["yes", true],
    ["Off", false],
    ["y", "y"],
    ["oN", "oN"],
    ["~", null],
    ["nULL", "nULL"],
    ["", null],
    ["017", 15],
    ["08", "08"],
    ["0o17", "0o17"],
    ["0b11", 3],
    ["0x1F", 31],
    ["-017", -15],
    ["1_000", 1000],
    ["+1", 1],
    ["-0", 0],
    ["12:30", 750],
    ["190:20:30", 685_230],
    ["1:60", "1:60"],
    ["1e3", "1e3"],
    ["1.0e3", "1.0e3"],
    ["1.5e+3", 1500],
    ["685.230_15e+03", 685_230.15],
    ["1:2.5", 62.5],
    ["-.5", "-.5"],
    [".5", 0.5],
    ["!!float 3", 3],
    ['!!int "3"', 3],
    ["!!str 1", "1"],
    ["!!binary aGVsbG8=", "hello"],
    ["!!set {a, b}", ["a", "b"]],
    ["2024-01-01", "2024-01-01"],
    ["2001-1-1", "2001-1-1"],
    ["2024-01-01 10:00:00", "2024-01-01T10:00:00"],
    ["2001-12-14t21:59:43.10-05:00", "2001-12-14T21:59:43.100000-05:00"],
    ["2024-01-01 10:00:00.123456789 +00:00", "2024-01-01T10:00:00.123456Z"],
    [
      "{1: a, true: b, null: c, 2024-01-01: d}",
      { 1: "a", true: "b", None: "c", "2024-01-01": "d" },
    ],
    ["{a: 1, a: 2}", { a: 2 }],
    ["{b: 2, <<: [{a: 1, b: 3}, {a: 5}]}", { a: 1, b: 2 }],
    ["[&x {a: 1}, *x]", [{ a: 1 }, { a: 1 }]],
    ["%YAML 1.2\n---\nno", false],
  ])("%j", (text, json) => {
    expect(jsonOf(readYaml(text))).toEqual(json)
  })

  it.each([
    ["!foo bar", "Unresolved tag: !foo at line 1, column 1"],
    ["&x {a: *x}", "the alias x points at what it is in"],
    ["*nope", "nothing is named by the alias nope"],
    ["{[1, 2]: a}", "a key is a collection"],
    ["2024-02-30", "a date that does not exist"],
    ["a: 1\n---\nb: 2", "multiple documents"],
    ["\ta: 1", "line 1, column 1"],
    ["12345678901234567890", "too large an integer"],
  ])("but %j is refused with its reason", (text, reason) => {
    expect(() => readYaml(text)).toThrow(ConfigError)
    expect(() => readYaml(text)).toThrow(reason)
  })
})
