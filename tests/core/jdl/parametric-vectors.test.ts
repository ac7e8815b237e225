import { describe, expect, it } from "vitest"
import { readClassAd } from "@spinor/core/jdl/class-ad"
import { countParameters, expandParameters } from "@spinor/core/jdl/parametric"
import { checkVector, isCopied, vectorsOf } from "../../support/vectors.ts"
import { expectJob, type RecordedJob, submit } from "./recorded-job.ts"

interface Steps {
  readonly getParameterVectorLength: { readonly Value?: number | null; readonly Message?: string }
  readonly generateParametricJobs: {
    readonly count?: number
    /** The first two and the last. */
    readonly jdls?: readonly string[]
    readonly Message?: string
  }
}

const vectors = vectorsOf<{ jdl: string }, { count: number; jobs: readonly RecordedJob[] }, Steps>(
  "parametric.json",
)

describe("parametric jobs", () => {
  it.each(vectors)("are what DiracX makes of them: $name", (vector) => {
    checkVector(
      vector,
      () => submit([vector.input.jdl]),
      ({ count, jobs }, answer) => {
        expect(answer).toHaveLength(count)
        for (const job of jobs) expectJob(answer[(job.JobID ?? 1) - 1], job)
      },
    )
  })

  it.each(vectors.filter(isCopied))("are expanded as DiracX does: $name", ({ input, steps }) => {
    const ad = readClassAd(input.jdl)
    const count = countParameters(ad)
    expect(count ?? null).toBe(steps?.getParameterVectorLength.Value)
    if (count === undefined) return
    const texts = expandParameters(ad, count)
    expect(texts).toHaveLength(steps?.generateParametricJobs.count ?? 0)
    const recorded = steps?.generateParametricJobs.jdls ?? []
    const [first, second] = texts
    expect([first, second, texts.at(-1)].slice(-recorded.length)).toEqual(
      recorded.length === 3 ? recorded : expect.anything(),
    )
  })

  it.each(vectors.filter(({ mark, steps }) => mark && steps?.getParameterVectorLength.Message))(
    "with a fault are refused in DiracX's words: $name",
    ({ input, steps }) => {
      expect(() => submit([input.jdl])).toThrow(steps?.getParameterVectorLength.Message)
    },
  )
})
