import { readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { parseConfig } from "@spinor/core/config/schema"
import { readClassAd, writeClassAd } from "@spinor/core/jdl/class-ad"
import { jobColumns } from "@spinor/core/jdl/job-columns"
import { compatiblePlatforms } from "@spinor/core/jdl/platforms"
import { prepareAd } from "@spinor/core/jdl/prepare"
import { type JobOwner, submissionRules, type SubmissionRules } from "@spinor/core/jdl/rules"
import { checkVector, vectorsOf } from "../../support/vectors.ts"
import { DEFAULT_RULES, expectJob, type RecordedJob, submit } from "./recorded-job.ts"

interface Input {
  readonly jdl: string
  readonly owner: string
  readonly owner_group: string
  readonly vo: string
  readonly operations: unknown
  readonly resources: { Computing: { OSCompatibility: Record<string, string[]> } } | null
}

type SubmissionInput = Input & { readonly function?: undefined }

type Vectors =
  | { input: SubmissionInput; output: RecordedJob }
  | { input: PrepareInput; output: PrepareOutput }
  | { input: PlatformInput; output: { platforms: string[] } }

interface PrepareInput extends Input {
  readonly function: string
  readonly config?: { inputDataPolicyForVO: string; softwareDistModuleForVO: string }
}

interface PrepareOutput {
  readonly JDL: string
  readonly requirements: string
  readonly job_attrs: Readonly<Record<string, unknown>>
}

interface PlatformInput {
  readonly function: "find_compatible_platforms"
  readonly OSCompatibility: Record<string, string[]>
  readonly platforms: string[]
}

const named = <V extends Vectors>(...prefixes: string[]) =>
  vectorsOf<V["input"], V["output"]>("check_prepare.json").filter(({ name }) =>
    prefixes.includes(name.split("/")[0] ?? ""),
  )

const registry: unknown = JSON.parse(
  readFileSync(new URL("../../vectors/default-registry.json", import.meta.url), "utf8"),
)

const ownerOf = ({ owner, owner_group: ownerGroup, vo }: Input): JobOwner => ({
  owner,
  ownerGroup,
  vo,
})

const rulesOf = ({
  operations,
  resources,
  vo = "lhcb",
}: Partial<Pick<Input, "operations" | "resources" | "vo">>): SubmissionRules =>
  submissionRules(
    parseConfig({
      DIRAC: {},
      Registry: registry,
      Operations: operations ?? { Defaults: {} },
      ...(resources && { Resources: resources }),
    }),
    vo,
  )

describe("preparation of jobs", () => {
  it.each(
    vectorsOf<SubmissionInput, RecordedJob>("check_prepare.json").filter(
      ({ input }) => input.function === undefined,
    ),
  )("follows the VO's configuration: $name", (vector) => {
    checkVector(
      vector,
      () => submit([vector.input.jdl], ownerOf(vector.input), rulesOf(vector.input)),
      (recorded, [job]) => expectJob(job, recorded),
    )
  })

  it.each(named<{ input: PrepareInput; output: PrepareOutput }>("direct", "intended"))(
    "completes an ad that is not a manifest: $name",
    (vector) => {
      const { jdl, config, resources } = vector.input
      const rules: SubmissionRules = {
        ...DEFAULT_RULES,
        ...(config && {
          inputDataModule: config.inputDataPolicyForVO,
          softwareDistModule: config.softwareDistModuleForVO,
        }),
        osCompatibility: resources?.Computing.OSCompatibility ?? {},
      }
      checkVector(
        withCause(vector),
        () => prepareAd(readClassAd(jdl), ownerOf(vector.input), rules),
        (recorded, { ad, requirements }) => {
          expect(writeClassAd(requirements)).toBe(recorded.requirements)
          if (recorded.job_attrs["Status"] === undefined) {
            expect(writeClassAd(ad)).toBe(recorded.JDL)
          } else {
            const { jobName, jobType, jobGroup, site, userPriority } = jobColumns(ad)
            expect({
              JobName: jobName,
              JobType: jobType,
              JobGroup: jobGroup,
              Site: site,
              UserPriority: userPriority,
            }).toMatchObject(attributesOf(recorded))
            expect(writeClassAd(new Map([...ad, ["JobRequirements", requirements]]))).toBe(
              recorded.JDL,
            )
          }
        },
      )
    },
  )

  it.each(named<{ input: PlatformInput; output: { platforms: string[] } }>("platforms"))(
    "orders platforms by version: $name",
    (vector) => {
      const { platforms, OSCompatibility } = vector.input
      const { osCompatibility } = rulesOf({ resources: { Computing: { OSCompatibility } } })
      checkVector(
        withCause(vector),
        () => ({ platforms: compatiblePlatforms(platforms, osCompatibility) }),
        (recorded, answer) => expect(answer).toEqual(recorded),
      )
    },
  )
})

/** These vectors hold the cause alone, in DIRAC's wrapping; ours has DiracX's words before it. */
const withCause = <V extends { readonly error?: { readonly message?: string } }>(vector: V): V =>
  vector.error
    ? {
        ...vector,
        error: { message: `JDL syntax error: ${causeOf(vector.error.message ?? "")}` },
      }
    : vector

const causeOf = (message: string): string => /\( \d+ : (.*)\)$/.exec(message)?.[1] ?? message

/** What the ad alone tells. */
function attributesOf({ job_attrs: attributes }: PrepareOutput): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(attributes).filter(([name]) => !/Status|Flag/.test(name)),
  )
}
