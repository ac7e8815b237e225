import { type ClassAd, type Expression, integerOf, listOf, textOf } from "./class-ad.ts"
import { JdlError } from "./error.ts"
import { compatiblePlatforms } from "./platforms.ts"
import type { JobOwner, SubmissionRules } from "./rules.ts"

/** What preparation needs of the configuration; also that of rescheduling. */
export type PreparationRules = Pick<
  SubmissionRules,
  "inputDataModule" | "softwareDistModule" | "osCompatibility"
> & { readonly cpuTime: Pick<SubmissionRules["cpuTime"], "default"> }

/**
 * The ad with its owner and modules, and the requirements that the matcher reads.
 * @throws JdlError when the ad is another owner's, or no platform fits
 */
export function prepareAd(
  ad: ClassAd,
  { owner, ownerGroup, vo }: JobOwner,
  rules: PreparationRules,
): { ad: ClassAd; requirements: ClassAd } {
  const platforms = listOf(ad, "Platform")
  const compatible =
    platforms.length > 0 ? compatiblePlatforms(platforms, rules.osCompatibility) : []
  checkSame(ad, "Owner", owner, "Owner")
  checkSame(ad, "OwnerGroup", ownerGroup, "Owner Group")
  checkSame(ad, "VirtualOrganization", vo, "Virtual Organization")
  const identity: [string, Expression][] = [
    ["Owner", quoted(owner)],
    ["OwnerGroup", quoted(ownerGroup)],
    ["VirtualOrganization", quoted(vo)],
  ]
  const requirements: ClassAd = new Map<string, Expression>([
    ...identity,
    ["UserPriority", String(integerOf(ad, "Priority") ?? 0)],
    ["CPUTime", String(integerOf(ad, "CPUTime") ?? rules.cpuTime.default)],
  ])
  if (compatible.length > 0) requirements.set("Platforms", `{${compatible.map(quoted).join(",")}}`)
  return {
    ad: new Map([
      ...moduleOf("InputDataModule", rules.inputDataModule),
      ...moduleOf("SoftwareDistModule", rules.softwareDistModule),
      ...ad,
      ...identity,
    ]),
    requirements,
  }
}

const quoted = (text: string): string => `"${text}"`

const moduleOf = (name: string, module: string): [string, Expression][] =>
  module === "" ? [] : [[name, quoted(module)]]

function checkSame(ad: ClassAd, name: string, expected: string, words: string): void {
  const given = textOf(ad, name)
  if (given !== "" && given !== expected) throw new JdlError(`Wrong ${words} in JDL`)
}
