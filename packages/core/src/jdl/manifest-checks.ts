import { excerpt, JdlError } from "./error.ts"
import { isSection, type Manifest, option, type Option } from "./manifest.ts"
import { readInteger } from "./numbers.ts"
import type { JobOwner, SubmissionRules } from "./rules.ts"

/**
 * Writes the owner and the defaults into a manifest, and checks what the VO limits.
 * @throws JdlError
 */
export function completeManifest(
  manifest: Manifest,
  { owner, ownerGroup }: JobOwner,
  rules: SubmissionRules,
): void {
  manifest.set("Owner", option(owner))
  manifest.set("OwnerGroup", option(ownerGroup))
  completeNumber(manifest, "CPUTime", rules.cpuTime)
  completeNumber(manifest, "Priority", rules.priority)
  const count = itemsOf(manifest, "InputData").length
  if (count > rules.maxInputData) {
    throw new JdlError(
      `Number of Input Data Files (${count}) greater than current limit: ${rules.maxInputData}`,
    )
  }
  const refused = itemsOf(manifest, "JobType").find((type) => !rules.allowedJobTypes.includes(type))
  if (refused !== undefined) {
    throw new JdlError(`${excerpt(refused)} is not a valid value for JobType`)
  }
}

function completeNumber(
  manifest: Manifest,
  name: string,
  limits: SubmissionRules["cpuTime"],
): void {
  const entry = manifest.get(name)
  if (entry === undefined) {
    const value = Math.max(limits.min, Math.min(limits.default, limits.max))
    manifest.set(name, option(String(value)))
  } else if (isSection(entry) || readInteger(entry.text) === undefined) {
    throw new JdlError(`${name} must be a number`)
  }
}

function itemsOf(manifest: Manifest, name: string): Option["items"] {
  const entry = manifest.get(name)
  if (entry === undefined) return []
  if (isSection(entry)) throw new JdlError(`${name} must not be a section`)
  return entry.items
}
