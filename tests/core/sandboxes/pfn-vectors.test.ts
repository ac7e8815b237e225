import { describe, expect, it } from "vitest"
import * as z from "zod"
import { SandboxInfo } from "@spinor/core/models/sandboxes"
import { isPfn, keyOf, pfnOf, withoutSe, withSe, type PfnParts } from "@spinor/core/sandboxes/pfn"
import { checkVector, vectorsOf, type Vector } from "../../support/vectors.ts"

type Input = { kind: string; pfn: string; body: unknown } & PfnParts

const vectors = vectorsOf<Input, unknown>("sandbox_pfn.json")

describe("sandboxes of DiracX", () => {
  it.each(vectors.map((vector) => [vector.name, vector] as const))("%s", (_, vector) => {
    const check = checks[vector.input.kind]
    if (!check) throw new Error(`No check for the kind ${vector.input.kind}`)
    check(vector)
  })
})

const checks: Record<string, (vector: Vector<Input, unknown>) => void> = {
  get_pfn(vector) {
    const described = () => {
      const { input } = vector
      const pfn = pfnOf({ ...input, algorithm: "sha256" }, "SandboxSE")
      const full = withSe(pfn, "SandboxSE")
      expect(withoutSe(full)).toBe(pfn)
      return {
        pfn,
        full,
        key: keyOf(pfn),
        checksum_base64: Buffer.from(input.checksum, "hex").toString("base64"),
        route_pattern_ok: isPfn(pfn),
        full_ok: isPfn(full),
      }
    }
    checkVector(vector, described, (expected, answer) => expect(answer).toEqual(expected))
  },
  pfn_pattern(vector) {
    checkVector(
      vector,
      () => ({ python_re_match: isPfn(vector.input.pfn) }),
      (expected, answer) => expect(answer).toEqual(expected),
    )
  },
  SandboxInfo({ input, output, error }) {
    const { success, data, error: refusal } = SandboxInfo.safeParse(input.body)
    if (success) expect(data).toEqual(output)
    else
      expect(refusal.issues.map(({ message, path }) => ({ msg: message, loc: path }))).toEqual(
        faultsOf(error),
      )
  },
}

/** The faults that pydantic told, each with its text and its place. */
const faultsOf = (error: unknown) =>
  z
    .object({ errors: z.array(z.object({ msg: z.string(), loc: z.array(z.string()) })) })
    .parse(error).errors
