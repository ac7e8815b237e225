import { describe, expect, it } from "vitest"
import { readClassAd, writeClassAd } from "@spinor/core/jdl/class-ad"
import { countParameters } from "@spinor/core/jdl/parametric"
import { checkVector, isCopied, vectorsOf } from "../../support/vectors.ts"
import { expectJob, type RecordedJob, submit } from "./recorded-job.ts"

interface Input {
  readonly jdls: readonly string[]
  readonly owner: string
  readonly owner_group: string
  readonly vo: string
}

interface Output {
  readonly jobs: readonly RecordedJob[] | { count: number; first: RecordedJob; last: RecordedJob }
}

interface Steps {
  readonly bracketed?: string
  readonly classad?: { readonly asJDL: string }
  readonly n_parameters?: number | null
}

const vectors = vectorsOf<Input, Output, Steps>("jdl.json")

describe("submission of job descriptions", () => {
  it.each(vectors)("gives what DiracX gives: $name", (vector) => {
    const { jdls, owner, owner_group: ownerGroup, vo } = vector.input
    checkVector(
      vector,
      () => submit(jdls, { owner, ownerGroup, vo }),
      ({ jobs }, answer) => {
        const recorded = "count" in jobs ? [jobs.first, jobs.last] : jobs
        expect(answer).toHaveLength("count" in jobs ? jobs.count : jobs.length)
        for (const job of recorded) expectJob(answer[(job.JobID ?? 1) - 1], job)
      },
    )
  })

  it.each(vectors.filter((vector) => isCopied(vector) && vector.output && isClosed(vector)))(
    "reads the ad as DiracX reads it: $name",
    ({ input, steps }) => {
      const ad = readClassAd(steps?.bracketed ?? input.jdls[0] ?? "")
      expect(writeClassAd(ad)).toBe(steps?.classad?.asJDL)
      expect(countParameters(ad) ?? null).toBe(steps?.n_parameters ?? null)
    },
  )
})

/** Behind a quote or a bracket that is not closed as it should, the two readers of DiracX see different texts. */
function isClosed({ name, steps }: { name: string; steps?: Steps }): boolean {
  return steps?.classad !== undefined && !["two-blocks", "list-unbalanced-quote"].includes(name)
}
