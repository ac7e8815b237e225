import * as z from "zod"
import { CommandError } from "../errors.ts"
import { readAnswer, type Http } from "../http.ts"
import type { Packed } from "./pack.ts"

const Upload = z.object({
  pfn: z.string(),
  /** Null when the service has the content already. */
  url: z.string().nullable(),
  fields: z.record(z.string(), z.string()),
})
export type Upload = z.output<typeof Upload>

const Download = z.object({ url: z.string() })

const Sandboxes = z.object({ Input: z.array(z.string()), Output: z.array(z.string()) })

/** Announces a sandbox, and learns where to send it. */
export async function initiateUpload(http: Http, { checksum, size }: Packed): Promise<Upload> {
  const json = { checksum_algorithm: "sha256", checksum, size, format: "tar.zst" }
  return readAnswer(Upload, await http({ method: "POST", path: "/api/jobs/sandbox", json }))
}

/** Where a sandbox can be fetched from, for some minutes and without a token. */
export async function downloadUrl(http: Http, pfn: string): Promise<string> {
  const answer = await http({ method: "GET", path: "/api/jobs/sandbox", query: { pfn } })
  return readAnswer(Download, answer).url
}

/** The names of a job's sandboxes. */
export async function sandboxesOf(http: Http, jobId: number): Promise<z.output<typeof Sandboxes>> {
  const path = `/api/jobs/${jobId}/sandbox`
  const answer = await http({ method: "GET", path, expects: [403] })
  if (answer.status === 403) throw new CommandError(`there is no job ${jobId} that you may see`)
  return readAnswer(Sandboxes, answer)
}
