import { integerOf, listOf, readClassAd, writeClassAd } from "./class-ad.ts"
import { JdlError } from "./error.ts"
import { prepareAd } from "./prepare.ts"
import type { JobOwner, SubmissionRules } from "./rules.ts"

/** A job that begins anew. */
export interface RescheduledJob {
  /** With its placeholders. */
  readonly jdl: string
  /** As it is stored, the id in the place of `%j`. */
  readonly stored: string
  readonly site: string
  readonly userPriority: number
}

const LARGEST = 2n ** 31n - 1n

/**
 * Prepares a job again from the text that was submitted. The manifest is passed over, as in DiracX: no
 * default of CPU time or priority is written.
 * @throws JdlError when the text does not hold any more
 */
export function prepareAgain(
  text: string,
  { jobId, ...owner }: JobOwner & { readonly jobId: number },
  rules: SubmissionRules,
): RescheduledJob {
  const submitted = readClassAd(text.trim().startsWith("[") ? text : `[${text}]`)
  submitted.set("JobID", String(jobId))
  const { ad, requirements } = prepareAd(submitted, owner, rules)
  const priority = integerOf(ad, "Priority") ?? 0n
  if (priority > LARGEST || priority < -LARGEST) throw new JdlError("Priority is out of range")
  ad.set("JobRequirements", requirements)
  const jdl = writeClassAd(ad)
  const [site = "ANY", ...others] = listOf(ad, "Site")
  return {
    jdl,
    stored: jdl.replaceAll("%j", String(jobId)),
    site: others.length > 0 ? "Multiple" : site,
    userPriority: Number(priority),
  }
}
