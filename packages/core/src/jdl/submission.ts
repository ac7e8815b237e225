import { InvalidRequestError } from "../errors.ts"
import { JOB_MINOR_STATUSES } from "../jobs/status.ts"
import { type ClassAd, mapTexts, mentions, readClassAd, writeClassAd } from "./class-ad.ts"
import { JdlError } from "./error.ts"
import { inputData, jobColumns, type JobColumns } from "./job-columns.ts"
import { classAdOf } from "./manifest-ad.ts"
import { completeManifest } from "./manifest-checks.ts"
import { readManifest } from "./manifest.ts"
import { countParameters, expandParameters } from "./parametric.ts"
import { prepareAd } from "./prepare.ts"
import type { JobOwner, SubmissionRules } from "./rules.ts"
import { skipComments } from "./syntax.ts"
import { strip } from "./text.ts"

/** What a request submits: the status of all its jobs, and the jobs in order. */
export interface Submission {
  readonly status: "Received" | "Submitting"
  readonly minorStatus: string
  readonly jobs: SubmittedJob[]
}

export interface SubmittedJob {
  /** Before compression. */
  readonly originalJdl: string
  /** As in a prepared job, with the longest id in the place of its own. */
  readonly inputData: readonly string[]
  /** Writes the id into the job. */
  finish(jobId: number): PreparedJob
}

export interface PreparedJob {
  /** Before compression. */
  readonly jdl: string
  readonly columns: JobColumns
  /** Logical file names, each once. */
  readonly inputData: string[]
}

/** Of one text. Sections are indented, so that a job can be many times as long as its text. */
const MAX_LENGTH = 2 ** 20

/** Values that the texts of one call may hold: far more than any job, and soon read. */
const MAX_VALUES = { aCall: 100_000, aJob: 1000 }

/** The longest id that table Jobs takes: what fits with it fits with every other. */
const LONGEST_ID = 2 ** 31 - 1

/**
 * Reads the job descriptions of a request and checks all of them; one alone may be parametric.
 * @throws InvalidRequestError
 */
export function readSubmission(
  jdls: readonly string[],
  owner: JobOwner,
  rules: SubmissionRules,
  maxJobs: number,
): Submission {
  if (jdls.length === 0) throw new JdlError("There is no job description")
  refuseExcess(jdls)
  const texts = jdls.map(inBrackets)
  const expanded = texts.length === 1 ? texts.flatMap((text) => expand(text, maxJobs)) : []
  if (texts.length > 1) texts.forEach(refuseParametric)
  const isParametric = expanded.length > 0
  const jobs = isParametric ? expanded : texts
  if (jobs.length > maxJobs) throw tooMany(maxJobs)
  return {
    status: isParametric ? "Submitting" : "Received",
    minorStatus: isParametric ? JOB_MINOR_STATUSES.bulkConfirmation : JOB_MINOR_STATUSES.accepted,
    jobs: jobs.map((text) => readJob(text, owner, rules)),
  }
}

/** Reading takes a time that grows with the values, of which a long text may be nothing but. */
function refuseExcess(jdls: readonly string[]): void {
  const most = MAX_VALUES.aCall + MAX_VALUES.aJob * jdls.length
  const values = jdls.reduce((sum, text) => sum + (text.match(/[,;]/g)?.length ?? 0), 0)
  if (values > most) throw new JdlError(`The job descriptions hold more than ${most} values`)
}

/** Comments before the opening bracket are dropped; a text that lacks either bracket gets both. */
function inBrackets(text: string): string {
  if (text.length > MAX_LENGTH)
    throw new JdlError(`The text is longer than ${MAX_LENGTH} characters`)
  if (text.includes("\0")) throw new JdlError("U+0000 is not allowed")
  if (!text.isWellFormed()) throw new JdlError("The text is not valid Unicode")
  const bare = strip(text)
  const code = strip(bare.slice(skipComments(bare, 0, bare.length)))
  if (code.startsWith("[") && code.endsWith("]")) return code
  return `[${bare}]`
}

/** The jobs of a parametric description; none when it is an ordinary one. */
function expand(text: string, maxJobs: number): string[] {
  const ad = parametricAd(text)
  const count = ad && countParameters(ad)
  if (ad === undefined || count === undefined) return []
  if (ad.has("Parameters") && count > maxJobs) throw tooMany(maxJobs)
  return expandParameters(ad, count)
}

function refuseParametric(text: string): void {
  const ad = parametricAd(text)
  if (ad && countParameters(ad) !== undefined) {
    throw new InvalidRequestError("You cannot submit parametric jobs in a bulk fashion")
  }
}

const parametricAd = (text: string): ClassAd | undefined =>
  text.includes("Parameters") ? readClassAd(text) : undefined

const tooMany = (maxJobs: number): InvalidRequestError =>
  new InvalidRequestError(`Normal user cannot submit more than ${maxJobs} jobs at once`)

function readJob(text: string, owner: JobOwner, rules: SubmissionRules): SubmittedJob {
  const manifest = readManifest(text)
  completeManifest(manifest, owner, rules)
  const ad = classAdOf(manifest)
  if (ad.has("Parameters")) throw new JdlError("Parameters in the JDL are not supported")
  const isNamed = mentions(ad, ID)
  const finished = (jobId: number): PreparedJob =>
    finishJob(isNamed ? withId(ad, jobId) : ad, jobId, owner, rules)
  const longest = finished(LONGEST_ID)
  // A name that breaks a line may look like that of the id.
  const isOwn = isNamed || mentions(ad, "\n")
  const finish = (jobId: number): PreparedJob =>
    isOwn
      ? finished(jobId)
      : { ...longest, jdl: longest.jdl.replace(idLine(LONGEST_ID), () => idLine(jobId)) }
  return { originalJdl: text, inputData: longest.inputData, finish }
}

/** What stands for the id of the job. */
const ID = "%j"

/** Of the text of an ad; inner ads are further to the right. */
const idLine = (jobId: number): string => `\n    JobID = ${jobId};\n`

const withId = (ad: ClassAd, jobId: number): ClassAd =>
  mapTexts(ad, (text) => text.replaceAll(ID, String(jobId)))

function finishJob(
  ad: ClassAd,
  jobId: number,
  owner: JobOwner,
  rules: SubmissionRules,
): PreparedJob {
  const prepared = prepareAd(new Map([...ad, ["JobID", String(jobId)]]), owner, rules)
  prepared.ad.set("JobRequirements", prepared.requirements)
  return {
    jdl: writeClassAd(prepared.ad),
    columns: jobColumns(prepared.ad),
    inputData: inputData(prepared.ad),
  }
}
