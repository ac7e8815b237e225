import { createHash } from "node:crypto"
import { inflateSync } from "node:zlib"
import { describe, expect, it } from "vitest"
import { compressJdl, extractJdl } from "@spinor/core/jdl/compression"

describe("compression of job descriptions", () => {
  it("gives back the text", () => {
    const jdl = '[ \n    Arguments = "é 🚀";\n]'
    expect(extractJdl(compressJdl(jdl))).toBe(jdl)
  })

  it("is base64 of a zlib stream, as DIRAC writes it", () => {
    // base64.b64encode(zlib.compress(b"[a=1;]"))
    expect(extractJdl("eJyLTrQ1tI4FAAZnAcM=")).toBe("[a=1;]")
    expect(inflateSync(Buffer.from(compressJdl("[a=1;]"), "base64")).toString()).toBe("[a=1;]")
  })

  it.each([1, 511, 512, 513, 4096, 4097, 32_768, 32_769, 300_000])(
    "gives back a text of %i bytes",
    (length) => {
      const jdl = Array.from({ length }, (_, index) =>
        String.fromCharCode(97 + ((index * index * 7) % 26)),
      ).join("")
      expect(extractJdl(compressJdl(jdl))).toBe(jdl)
    },
  )

  it("keeps what fits the column when it is compressed as DIRAC does", () => {
    const names = Array.from(
      { length: 17_500 },
      (_, index) => `/lhcb/${(index * 7919) % 17_500}.dst`,
    ).join(",")
    expect(extractJdl(compressJdl(names))).toBe(names)
  })

  it("takes a text that begins with a bracket as it is", () => {
    expect(extractJdl('[Executable="x";]')).toBe('[Executable="x";]')
  })

  it("refuses what is longer than the column", () => {
    const noise = Array.from({ length: 2000 }, (_, index) =>
      createHash("sha256").update(String(index)).digest("base64"),
    ).join("")
    expect(() => compressJdl(noise)).toThrow(/^JDL syntax error: .*longer than 65535/)
  })
})
