import { expect, it } from "vitest"
import { HELP } from "./help.ts"
import { readOptions, TAKES } from "./options.ts"

it("without a word all benchmarks are run", () => {
  expect(readOptions([]).names).toEqual(["start-up", "diracx", "quick", "growth", "sustained"])
})

it("options are read", () => {
  const args = ["diracx", "--workload", "userinfo", "--workload", "summary", "--seconds", "0.5"]
  expect(readOptions([...args, "--rounds", "2", "--json"])).toMatchObject({
    names: ["diracx"],
    workload: ["userinfo", "summary"],
    seconds: 0.5,
    rounds: 2,
    jobs: undefined,
    json: true,
  })
})

it.each([
  [["fast"], "There is no benchmark fast, but: start-up, diracx"],
  [["growth", "--workload", "userinfo"], "growth takes no --workload"],
  [["sustained", "--rounds", "3"], "sustained takes no --rounds"],
  [["diracx", "--rounds", "many"], "--rounds cannot be many"],
  [["diracx", "--rounds", "0.5"], "--rounds cannot be 0.5"],
  [["diracx", "--clients", "0"], "--clients cannot be 0"],
  [["diracx", "--jobs", "100"], "--jobs cannot be 100"],
  [["sustained", "--minutes", ""], "--minutes cannot be "],
  [["quick", "--across-vos"], "quick takes no --across-vos"],
  [["quick", "--fast"], "Unknown option '--fast'"],
])("%j is refused", (args, message) => {
  expect(() => readOptions(args)).toThrow(message)
})

it.each(Object.entries(TAKES))(
  "help tells of %s, and of what may be said of it",
  (name, options) => {
    expect(HELP).toContain(`  ${name} `)
    for (const option of options) expect(HELP).toContain(`  --${option} `)
  },
)
