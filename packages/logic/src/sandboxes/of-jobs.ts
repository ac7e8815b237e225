import { InvalidRequestError } from "@spinor/core/errors"
import { withoutSe } from "@spinor/core/sandboxes/pfn"
import {
  SandboxMetadataDB,
  type SandboxType,
} from "@spinor/db/sql/sandbox-metadata/sandbox-metadata-db"
import type { SandboxDeps } from "./deps.ts"

/** The sandboxes of a job by what they are to it: PFNs without their SE, in the order of registration. */
export async function sandboxesOfJob(
  { sql }: Pick<SandboxDeps, "sql">,
  jobId: number,
): Promise<Record<SandboxType, string[]>> {
  const found = await sql.read({ sandboxes: SandboxMetadataDB }, ({ sandboxes }) =>
    sandboxes.sandboxesOfJob(jobId),
  )
  const pfnsOf = (wanted: SandboxType) =>
    found.filter(({ type }) => type === wanted).map(({ pfn }) => pfn)
  return { Input: pfnsOf("Input"), Output: pfnsOf("Output") }
}

/** @throws InvalidRequestError when the sandbox was never registered, or the job has it already */
export async function assignOutputSandbox(
  { sql, sandboxStore: { seName } }: Pick<SandboxDeps, "sql" | "sandboxStore">,
  jobId: number,
  pfn: string,
): Promise<void> {
  await sql.write({ sandboxes: SandboxMetadataDB }, async ({ sandboxes }) => {
    const sandbox = await sandboxes.lockSandbox({ seName, pfn: withoutSe(pfn) })
    if (sandbox === undefined) throw new InvalidRequestError("Sandbox not found")
    const assigned = await sandboxes.assign(sandbox.sandboxId, jobId, "Output")
    if (!assigned) throw new InvalidRequestError("Sandbox already assigned")
  })
}

/** Takes their sandboxes from the jobs; jobs without any count too. */
export async function unassignSandboxes(
  { sql }: Pick<SandboxDeps, "sql">,
  jobIds: readonly number[],
): Promise<void> {
  await sql.write({ sandboxes: SandboxMetadataDB }, ({ sandboxes }) => sandboxes.unassign(jobIds))
}
