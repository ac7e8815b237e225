import type { Choices } from "../../support/random.ts"
import { hostileText } from "./values.ts"

const STATEMENTS = [
  'Executable = "/bin/echo"',
  'Arguments = "a[0];b %j %s %n %(A)s"',
  'InputData = {"LFN:/a", "LFN:/b"}',
  'JobName = "x, y"',
  "CPUTime = 86400",
  "Parameters = {1, 2, 3}",
  "ParameterStart = 1",
  "Parameters.A = 3",
  "Requirements = [A = 1; B = [C = 2;];]",
  'Site = "LCG.X.y"',
  "# a comment",
  "/* another */",
]

/** Statements that no reading of a job description accepts. */
const FAULTS = [
  "Parameters = 0",
  "Parameters = -1",
  "Parameters = 2.5",
  "Parameters = word",
  "Parameters = 1e9",
  `Parameters = ${"9".repeat(30)}`,
  "Parameters = {}",
  "Parameters = {{}, {}",
  'Parameters = 2; ParameterStart = "abc"',
  "Parameters = 2; ParameterFactor = nan; ParameterStep = inf",
  "Parameters.A = {1, 2}; Parameters.B = {1}",
  "Parameters.A = 3; Parameters = {1}",
  "Parameters = 999999999",
  'CPUTime = "long"',
  "Priority = 1.5",
  'JobType = "Nonsense"',
  'VirtualOrganization = "nope"',
  'Platform = "no-such-platform"',
  'A = "unterminated',
  "A = {1, 2",
  "A = {",
  "A = [B = 1",
  "A = [[B = 1;];",
  "[",
  "]",
  "= 1",
  "A = ",
  'A = \\"x\\"',
  'A = "x" "y"',
  'A = {"x" "y"}',
  "/* never closed",
  "A/B = 1; A = 2",
  "S = [X = 1;]; S = [X = 2;]",
]

const MARKS = [
  "[",
  "]",
  "{",
  "}",
  '"',
  ";",
  "=",
  ",",
  "#",
  "//",
  "/*",
  "*/",
  "%",
  "%n",
  "\\",
  "\n",
  "\0",
  "\ud800",
]

/** A job description with something wrong; by chance it may be one that can be read. */
export function brokenJobDescription(draw: Choices): string {
  if (draw.chance(2)) return enormous(draw)
  if (draw.chance(10)) return hostileText(draw)
  const statements = Array.from({ length: draw.below(6) }, () => draw.pick(STATEMENTS))
  statements.splice(draw.below(statements.length + 1), 0, draw.pick(FAULTS))
  let text = `[${statements.join(draw.pick([";", ";\n", " ; ", ""]))};]`
  for (let edits = draw.below(4); edits > 0; edits--) text = edited(text, draw)
  return text
}

function edited(text: string, draw: Choices): string {
  const at = draw.below(text.length + 1)
  const end = at + draw.below(8)
  return (
    text.slice(0, at) +
    (draw.chance(60) ? draw.pick(MARKS) : "") +
    text.slice(draw.chance(50) ? at : end)
  )
}

const enormous = (draw: Choices): string => {
  const levels = 5000
  return draw.pick([
    `[${"A = [".repeat(levels)}B = 1;${"];".repeat(levels)}]`,
    `[${"A = [".repeat(levels)}`,
    `[A = ${"{".repeat(levels)}1${"}".repeat(levels)};]`,
    `[A = "${"x".repeat(2 ** 20)}`,
    `[${"A = 1;".repeat(2 ** 17)}`,
    `[A = {${'"x",'.repeat(2 ** 17)}`,
    `[${"/*".repeat(2 ** 19)}`,
    `[Parameters = {${"1,".repeat(2 ** 18)}1}; A = "%s"; VirtualOrganization = "nope";]`,
    `[${Array.from({ length: 20_000 }, (_, i) => `Parameters.P${i} = {1}`).join(";")}; Parameters = 0;]`,
    `${"[".repeat(2 ** 19)}${"]".repeat(2 ** 19)}`,
    `[A = "${"%s".repeat(2 ** 18)}"; Parameters = {"${"y".repeat(2 ** 18)}"}; CPUTime = "x";]`,
    `[${"\n".repeat(2 ** 20)}`,
  ])
}
