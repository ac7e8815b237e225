import { expect, it } from "vitest"
import { parseCondition, parseSort } from "@spinor/cli/conditions"
import { table } from "@spinor/cli/table"

const header = ["JobID", "Name"]

it("aligns columns by what a terminal shows of them", () => {
  expect(
    table(header, [
      ["1", "日本語"],
      ["1000000", "e\u0301"],
    ]),
  ).toBe("JobID    Name\n1        日本語\n1000000  e\u0301\n")
})

it("shortens the widest column in a narrow terminal", () => {
  expect(table(header, [["1", "a-rather-long-name"]], { width: 20 })).toBe(
    "JobID  Name\n1      a-rather-lon…\n",
  )
  expect(table(header, [["1", "日本語日本語日本語"]], { width: 20 })).toBe(
    "JobID  Name\n1      日本語日本語…\n",
  )
})

it("does not shorten a column that is of no use when cut", () => {
  const rows = [["a-rather-long-id", "a-rather-long-name"]]
  const rigid = (name: string) => name === "JobID"
  expect(table(header, rows, { width: 30, rigid })).toBe(
    "JobID             Name\na-rather-long-id  a-rather-lo…\n",
  )
  expect(table(header, rows, { width: 29, rigid })).toBeUndefined()
})

it("gives up where no column can be read", () => {
  expect(table(header, [["1", "a-rather-long-name"]], { width: 18 })).toBeUndefined()
})

it("shows nothing that steers the terminal", () => {
  expect(table(["Name"], [["\u001b[2Jred\u001b[31m\r\n\u0007end\u202e"]])).toBe("Name\nred end\n")
})

it.each([
  ["Status eq Running", { parameter: "Status", operator: "eq", value: "Running" }],
  ["JobName like a b%", { parameter: "JobName", operator: "like", value: "a b%" }],
  ["JobName not like a", { parameter: "JobName", operator: "not like", value: "a" }],
  ["Site in A, B", { parameter: "Site", operator: "in", values: ["A", "B"] }],
  ["JobID not in [1, 2]", { parameter: "JobID", operator: "not in", values: [1, 2] }],
  ["Status is Running", undefined],
  ["Status eq", undefined],
  ["JobID in [1", undefined],
])("the condition %j is %j", (text, condition) => {
  expect(parseCondition(text)).toEqual(condition)
})

it.each([
  ["JobID", { parameter: "JobID", direction: "asc" }],
  ["JobID:desc", { parameter: "JobID", direction: "desc" }],
  ["JobID:down", undefined],
])("the order %j is %j", (text, sort) => {
  expect(parseSort(text)).toEqual(sort)
})
