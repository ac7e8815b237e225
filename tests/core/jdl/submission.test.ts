import { describe, expect, it } from "vitest"
import { InvalidRequestError } from "@spinor/core/errors"
import { readSubmission } from "@spinor/core/jdl/submission"
import { ALICE, DEFAULT_RULES, submit } from "./recorded-job.ts"

const jobOf = (jdl: string) => submit([jdl])[0]

describe("submission", () => {
  it("tells the number of jobs in force when there are too many", () => {
    const many = Array.from({ length: 1001 }, () => "Executable=x;")
    const sentence = "Normal user cannot submit more than 1000 jobs at once"
    expect(() => submit(many, ALICE, DEFAULT_RULES, 1000)).toThrow(sentence)
    expect(() => submit(["Parameters=1000000000000;"], ALICE, DEFAULT_RULES, 1000)).toThrow(
      sentence,
    )
  })

  it("refuses the first faulty description of a bulk in order", () => {
    expect(() => submit(["Parameters=2;", "Parameters=0;"])).toThrow(/in a bulk fashion$/)
    expect(() => submit(["Parameters=0;", "Parameters=2;"])).toThrow(/Illegal number/)
  })

  it.each([
    ["JobName", 128],
    ["JobGroup", 32],
    ["Site", 100],
    ["InputData", 255],
  ])("takes as much of %s as its column, and refuses more", (name, length) => {
    expect(jobOf(`${name}="${"é".repeat(length)}";`)?.JDL).toContain("é".repeat(length))
    expect(() => jobOf(`${name}="${"é".repeat(length + 1)}";`)).toThrow(
      new RegExp(`^JDL syntax error: .*longer than ${length}`),
    )
  })

  it("counts characters, not UTF-16 units", () => {
    expect(jobOf(`JobGroup="${"🚀".repeat(32)}";`)?.Jobs["JobGroup"]).toBe("🚀".repeat(32))
  })

  it("refuses what has no place for the id that a name asks for", () => {
    expect(() => jobOf(`JobGroup="${"g".repeat(25)}%j";`)).toThrow(/JobGroup is longer/)
  })

  it("writes the id where it belongs, whatever a name looks like", () => {
    const job = jobOf("A\n    JobID = 2147483647; Executable = x;")
    expect(job?.JDL).toMatch(/InputDataModule = "[^"]+";\n    JobID = 1;\n/)
  })

  it.each(["2147483648", "-2147483649"])("refuses the priority %s", (priority) => {
    expect(() => jobOf(`Priority=${priority};`)).toThrow(/^JDL syntax error: Priority/)
  })

  it("keeps a CPU time of any size", () => {
    expect(jobOf("CPUTime=123456789012345678901234567890;")?.JDL).toContain(
      "CPUTime = 123456789012345678901234567890;",
    )
  })

  it("reads a description behind a comment", () => {
    const job = jobOf('# what it does\n/* at\nlength */ [\nExecutable="x";\n]')
    expect(job?.OriginalJDL).toBe('[\nExecutable="x";\n]')
    expect(job?.JDL).toContain('Executable = "x";')
  })

  it("takes comment marks inside a value as text", () => {
    const job = jobOf('[Executable="x"; Arguments="a # b // c /* d */"; L={"#1", //2\n};]')
    expect(job?.JDL).toContain('Arguments = "a # b // c /* d */";')
    expect(job?.JDL).toContain('"//2"')
  })

  it("reads a comment that ends with the text", () => {
    expect(jobOf('Executable="x"; # done')?.JDL).toContain('Executable = "x";')
    expect(jobOf('[Executable="x"; // done ]')?.JDL).toContain('Executable = "x";')
  })

  it("keeps commas in the elements of a list, also of a list of one", () => {
    const job = jobOf('[InputData={"LFN:/a,b"}; InputSandbox={"c,d","e"};]')
    expect(job?.InputData).toEqual(["LFN:/a,b"])
    expect(job?.JDL).toMatch(/InputData = \n *\{\n *"LFN:\/a,b"\n *\};/)
    expect(job?.JDL).toMatch(/InputSandbox = \n *\{\n *"c,d",\n *"e"\n *\};/)
  })

  it("reads again what it has written", () => {
    const jdl = '[Arguments="a;[b]"; L={"x,;]","y"}; S=[T=[a="]";];b={1,2};];]'
    const original = jobOf(jdl)
    const again = jobOf(original?.JDL ?? "")
    expect(again?.JDL).toBe(original?.JDL)
  })

  it.each([
    ["U+0000", 'Executable="a\0b";'],
    ["half a surrogate pair", 'Executable="\uD800";'],
    ["a comment that is not closed", '[/* Executable="x";]'],
    ["a section that is not closed", "[S=[a=1;]"],
    ["a VO that is a list", '[VirtualOrganization={"lhcb","gridpp"};]'],
  ])("refuses %s", (_, jdl) => {
    expect(() => jobOf(jdl)).toThrow(/^JDL syntax error: ./)
  })

  it("refuses an owner whose name holds a quote or a comma", () => {
    for (const owner of ['a"b', "a,b"]) {
      expect(() => submit(["Executable=x;"], { ...ALICE, owner })).toThrow(/Wrong Owner in JDL$/)
    }
  })
})

describe("submission of hostile texts", () => {
  const size = 1_000_000

  it("refuses a text of more than 1 MiB", () => {
    expect(() => jobOf(`A="${"a".repeat(2 ** 20)}";`)).toThrow(/longer than 1048576 characters$/)
  })

  it.each([
    ["opening brackets", "[a=".repeat(size / 4)],
    ["closed brackets", `${"a=[".repeat(size / 10)}${"];".repeat(size / 10)}`],
    ["quotes", `a=${'"'.repeat(size)}`],
    ["quoted items", `a={${'"b",'.repeat(size / 4)}`],
    ["commas", `[a={${",".repeat(size)}};]`],
    ["commas in an open quote", `[a={"${",".repeat(size)}};]`],
    ["blanks", `[a=${" ".repeat(size / 2)}x${" ".repeat(size / 2)};]`],
    ["semicolons", ";".repeat(size)],
    ["equal signs", `[${"=".repeat(size)}]`],
    ["slashes", `[${"/".repeat(size)}=1]`],
    ["comments", `[${"#\n".repeat(size / 2)}]`],
    ["comment openings", "/*".repeat(size / 2)],
    ["digits", `[CPUTime=${"1".repeat(size)};]`],
    ["digits and underscores", `[A=${"1_".repeat(size / 2)};]`],
    ["braces as parameters", `[Parameters={${"{".repeat(size)}};]`],
    ["closing braces", `[Parameters={"{${"}".repeat(size)}x"}; A={%s};]`],
    ["marks", `[Parameters=2; A="${"%s".repeat(size / 2)}";]`],
    ["nested sections", `${"a=[".repeat(20)}${uniqueKeys(size / 10)}${"];".repeat(20)}`],
    ["a large factor", `[Parameters=20; ParameterFactor=${"9".repeat(4000)};]`],
    ["a path of sections", `[${"a/".repeat(size / 2)}=1;]`],
  ])("answers in time: %s", { timeout: 5000 }, (_, jdl) => {
    try {
      submit([jdl])
    } catch (error) {
      expect(error).toBeInstanceOf(InvalidRequestError)
    }
  })

  it("refuses parameters that refer to each other and grow without end", () => {
    const names = Array.from({ length: 12 }, (_, index) => `p${index}`)
    const parameters = names.map((name, index) => {
      const value = `%(p${index + 1})s`.repeat(100)
      return `Parameters.${name}={"${value}"};`
    })
    expect(() => submit([`Parameters=1; A="%(p0)s"; ${parameters.join("")}`])).toThrow(
      /hold more than/,
    )
  })
})

it.each([
  ["elements of a list", [`A={${"1,".repeat(260_000)}1};`]],
  ["keys", Array.from({ length: 9 }, () => uniqueKeys(60_000))],
])("refuses more %s than can be read at once", (_, jdls) => {
  expect(() => submit(jdls)).toThrow(/^JDL syntax error: .*hold more than \d+ values$/)
})

function uniqueKeys(count: number): string {
  return Array.from({ length: count }, (_, index) => `k${index}=1;`).join("")
}

describe("submission of 1,000 jobs", () => {
  it("may give each as much input data as a job may have", () => {
    const lfns = Array.from({ length: 100 }, (_, i) => `"/lhcb/data/file${i}"`).join(",")
    const jdls = Array.from({ length: 1000 }, () => `InputData={${lfns}}; Executable="x";`)
    expect(readSubmission(jdls, ALICE, DEFAULT_RULES, 1000).jobs).toHaveLength(1000)
  })

  it("gives each its own id", () => {
    const { jobs } = readSubmission(
      ['Executable="x"; JobName="n_%n_%j"; Parameters=1000;'],
      ALICE,
      DEFAULT_RULES,
      1000,
    )
    const names = jobs.map((job, index) => job.finish(index + 5000).columns.jobName)
    expect(names).toHaveLength(1000)
    expect(names.at(0)).toBe("n_000_5000")
    expect(names.at(-1)).toBe("n_999_5999")
  })
})
