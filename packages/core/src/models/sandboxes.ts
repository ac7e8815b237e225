import * as z from "zod"
import { DOCUMENTED_PFN, isPfn, MAX_PFN_LENGTH } from "../sandboxes/pfn.ts"
import { integer, integerWithin, matching, nullableText, text } from "./lax.ts"

const ChecksumAlgorithm = z
  .enum(["sha256"], "Input should be 'sha256'")
  .meta({ id: "ChecksumAlgorithm" })

const SandboxFormat = z
  .enum(["tar.bz2", "tar.zst"], "Input should be 'tar.bz2' or 'tar.zst'")
  .meta({ id: "SandboxFormat" })

const CHECKSUM = "^[0-9a-fA-F]{64}$"

export const SandboxInfo = z
  .object({
    checksum_algorithm: ChecksumAlgorithm,
    checksum: matching(CHECKSUM),
    /** In bytes. */
    size: integerWithin({ min: 1 }),
    format: SandboxFormat,
  })
  .meta({ id: "SandboxInfo" })
export type SandboxInfo = z.output<typeof SandboxInfo>

/** A sandbox that is stored has no URL; others are sent there as a form: the fields, then `file`. */
export const SandboxUploadResponse = z
  .object({
    pfn: text,
    url: nullableText,
    fields: z.record(z.string(), text).default({}),
  })
  .meta({ id: "SandboxUploadResponse" })
export type SandboxUploadResponse = z.output<typeof SandboxUploadResponse>

export const SandboxDownloadResponse = z
  .object({
    url: text,
    /** In seconds. */
    expires_in: z.int(),
  })
  .meta({ id: "SandboxDownloadResponse" })
export type SandboxDownloadResponse = z.output<typeof SandboxDownloadResponse>

/** The name of a sandbox, with or without its SE. More is accepted than the document tells. */
export const SandboxPfn = () => matching(DOCUMENTED_PFN, { accepts: isPfn, max: MAX_PFN_LENGTH })

export const SANDBOX_TYPES = ["input", "output"] as const

export const UnassignRequest = z
  .object({ job_ids: z.array(integer, "Input should be a valid list") })
  .meta({ id: "Body_jobs_unassign_bulk_jobs_sandboxes" })
