import { createHash } from "node:crypto"
import { deflateSync } from "node:zlib"
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
    expect(compressJdl("[a=1;]")).toBe(deflateSync("[a=1;]").toString("base64"))
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
