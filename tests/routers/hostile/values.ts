import type { Choices } from "../../support/random.ts"

const MEGABYTE = 2 ** 20
const DEEP = 10_000

const nested = (open: string, inner: string, close: string, levels = DEEP): string =>
  open.repeat(levels) + inner + close.repeat(levels)

/** Texts of which a careless reader makes something. */
const TEXTS = [
  "",
  " ",
  "\0",
  "a\0b",
  "\ud800",
  "x\udc00",
  "\u{1f600}\u{1f468}\u200d\u{1f469}",
  "\u202etxt.exe\u202c",
  "\ufeff",
  "\u0085\u2028\u2029",
  "é".normalize("NFD"),
  "NaN",
  "-Infinity",
  "1e308",
  "1e999999",
  "9".repeat(400),
  "0x10",
  "1_000",
  "\u0663",
  "\uff11\uff12",
  "-0",
  "null",
  "undefined",
  "True",
  "__proto__",
  "constructor",
  "hasOwnProperty",
  "toString",
  "' or '1'='1",
  '"; drop table Jobs; --',
  "`",
  "\\",
  "\\u0000",
  "%",
  "%s %n %(x)s",
  "${7*7}",
  "{{7*7}}",
  "../../etc/passwd",
  "\r\nset-cookie: a=b",
  "<script>alert(1)</script>",
  "[".repeat(DEEP),
  "(".repeat(5000),
  "(a+)+$",
  "(?<!a)(b|bb)*c",
  "x".repeat(70_000),
]

/** Dates that do not exist, are ambiguous or of another form. */
export const DATES = [
  "yesterday",
  "2024",
  "2024-13",
  "2024-02-30",
  "2024-05-03",
  "2024-05-03T24:00:00Z",
  "2024-05-03T12:60:00Z",
  "2024-05-03T12:00:61Z",
  "2024-05-03T12:00:00",
  "2024-05-03 12:00:00+00:00",
  "2024-05-03T12:00:00+99:99",
  "2024-05-03T12:00:00+00:00Z",
  "2024-05-03T12:00:00.1234567890123Z",
  "0000-01-01T00:00:00Z",
  "9999-12-31T23:59:59Z",
  "9999-12-31T23:59:59-12:00",
  "10000-01-01T00:00:00Z",
  "+275760-09-13T00:00:00Z",
  "-000001-01-01T00:00:00Z",
  "1714737600",
  "1714737600.5",
  "1e12",
  "-62135596800",
  "P1D",
  "2024-W18-5",
  "2024-124",
  "20240503T120000Z",
  "Fri, 03 May 2024 12:00:00 GMT",
]

/** Ids of jobs that no job can have, or that are spelt oddly. */
export const JOB_IDS = [
  "-1",
  "+999999",
  " 999999 ",
  "000999999",
  "2147483647",
  "2147483648",
  "4294967296",
  "9007199254740993",
  "9223372036854775808",
  "999999999999999",
  "1e6",
  "1.0",
  "0x7fffffff",
  "1_000_000",
  "\u0661\u0662",
  "0",
  "-0",
]

/** JSON that is no value of the kind that stands there; some of it is no JSON. */
const LITERALS = [
  "null",
  "true",
  "false",
  "-0",
  "-1",
  "1.5",
  "1e308",
  "-1e308",
  "1e400",
  "1e-400",
  "2147483648",
  "9007199254740993",
  "9223372036854775808",
  "-9223372036854775809",
  "9".repeat(400),
  "01",
  "+1",
  ".5",
  "NaN",
  "-Infinity",
  "undefined",
  "'x'",
  "{}",
  "[]",
  "[null]",
  "[[]]",
  "[{}]",
  '{"a":{"b":[]}}',
  '{"__proto__":{"x":1}}',
  '{"constructor":{"prototype":{}}}',
  '{"length":1}',
  '"\\ud800"',
  '"\\u0000"',
  '"\\x"',
  '"',
  "{",
  "]",
  ",",
  nested("[", "", "]"),
  nested('{"a":', "1", "}"),
  nested("[", "1", "]", 40),
  nested("[", "1", "]", 25),
  nested('{"a":', "1", "}", 25),
]

/** Each is long, so they come seldom. */
const LONG_TEXTS = ["x", "\u{1f600}", '"', "\\", "[a=", "\n", "9"]

export const hostileText = (draw: Choices): string => {
  if (draw.chance(2)) {
    const unit = draw.pick(LONG_TEXTS)
    return unit.repeat(Math.floor(MEGABYTE / Buffer.byteLength(unit)))
  }
  if (draw.chance(15)) return draw.pick(DATES)
  if (draw.chance(10)) return draw.pick(JOB_IDS)
  return draw.pick(TEXTS)
}

/** Raw text for a place in a body of JSON. */
export const hostileLiteral = (draw: Choices): string => {
  if (draw.chance(1)) return `[${"1,".repeat(20_000)}1]`
  return draw.chance(50) ? draw.pick(LITERALS) : JSON.stringify(hostileText(draw))
}

/** A text inside a URL or a form: encoded, or with broken encoding. */
export const hostileEncoded = (draw: Choices): string => {
  if (draw.chance(25)) {
    return draw.pick([
      "%",
      "%f",
      "%ff",
      "%zz",
      "%00",
      "%c0%af",
      "%ed%a0%80",
      "%u0041",
      "%0d%0aset-cookie:%20a=b",
      "%e2%82%ac",
      "+",
      "&&",
      "=",
      ";",
      "a=b",
    ])
  }
  const text = hostileText(draw).slice(0, 8000)
  return encodeURIComponent(text.toWellFormed())
}
