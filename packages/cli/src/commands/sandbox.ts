import { mkdtemp, rm } from "node:fs/promises"
import { join, resolve } from "node:path"
import type { Command } from "commander"
import { jsonText, withJson, type JsonOption } from "@spinor/admin/json"
import { CommandError, UsageError } from "../errors.ts"
import { withExamples, withUrl } from "../options.ts"
import { progressOn, type Following } from "@spinor/admin/progress"
import { pack } from "../sandbox/pack.ts"
import { downloadUrl, initiateUpload, sandboxesOf } from "../sandbox/service.ts"
import { download, upload } from "../sandbox/transfer.ts"
import { unpack } from "../sandbox/unpack.ts"
import { openSession, type Session, type UrlOption } from "../session.ts"
import type { Shell } from "../shell.ts"

type SandboxOptions = UrlOption & JsonOption

interface DownloadOptions extends SandboxOptions {
  readonly output?: string
  readonly input?: boolean
}

/** `sandbox upload` and `sandbox download`. */
export function mountSandbox(program: Command, shell: Shell): void {
  const sandbox = program
    .command("sandbox")
    .description("send files that jobs shall find, and fetch what jobs have left")
    .helpCommand(false)

  const up = sandbox
    .command("upload")
    .description("pack files and folders, send them, and print the PFN that a JDL names them by")
    .argument("<paths...>", "files and folders; in the sandbox they stand by their last names")
    .action((paths: string[], options: SandboxOptions) => uploadPaths(shell, paths, options))
  withUrl(withJson(up))
  withExamples(up, ["sandbox upload run.sh data/", "sandbox upload run.sh --json"])

  const down = sandbox
    .command("download")
    .description("fetch a sandbox and unpack it; nothing that exists is overwritten")
    .argument("<pfn-or-id>", "the PFN of a sandbox, or the JobID of the job that left some")
    .option("--output <folder>", "where to (default: here; of a job, a folder named by its JobID)")
    .option("--input", "of a job, what it was given in place of what it left")
    .action((what: string, options: DownloadOptions) => downloadAll(shell, what, options))
  withUrl(withJson(down))
  withExamples(down, [
    "sandbox download 42",
    "sandbox download 42 --input --output inputs",
    `sandbox download "SB:SandboxSE|/S3/sandboxes/testvo/user/alice/sha256:….tar.zst"`,
  ])
}

async function uploadPaths(
  shell: Shell,
  paths: readonly string[],
  { json = false, ...option }: SandboxOptions,
): Promise<void> {
  // Who is not logged in shall not wait to hear it.
  await openSession(shell, option)
  await inScratch(shell, async (scratch) => {
    const file = join(scratch, "sandbox.tar.zst")
    const inputs = paths.map((path) => resolve(shell.cwd, path))
    const packed = await following(shell, "Packing", (follow) => pack(inputs, file, follow))
    const { http } = await openSession(shell, option)
    const { pfn, url, fields } = await initiateUpload(http, packed)
    if (url !== null) {
      const form = { url, fields }
      await following(shell, "Uploading", (follow) => upload(file, packed, form, follow))
    }
    const { size } = packed
    shell.stdout.write(json ? jsonText({ pfn, size, uploaded: url !== null }) : `${pfn}\n`)
  })
}

async function downloadAll(
  shell: Shell,
  what: string,
  { output, input = false, json = false, ...option }: DownloadOptions,
): Promise<void> {
  const jobId = /^\d{1,15}$/.test(what) ? Number(what) : undefined
  if (jobId === undefined && !what.includes("/S3/")) {
    throw new UsageError(`"${what}" is neither the PFN of a sandbox nor a JobID`)
  }
  const { http } = await openSession(shell, option)
  const pfns = jobId === undefined ? [what] : await pfnsOf(http, jobId, input)
  const folder = resolve(shell.cwd, output ?? (jobId === undefined ? "." : String(jobId)))
  for (const pfn of pfns) await downloadOne(shell, http, pfn, folder)
  if (json) shell.stdout.write(jsonText({ folder, pfns }))
  else for (const pfn of pfns) shell.stdout.write(`Unpacked ${pfn} in ${folder}\n`)
}

async function pfnsOf(http: Session["http"], jobId: number, input: boolean): Promise<string[]> {
  const { Input, Output } = await sandboxesOf(http, jobId)
  const pfns = input ? Input : Output
  if (pfns.length > 0) return pfns
  throw new CommandError(`job ${jobId} has no ${input ? "input" : "output"} sandbox`)
}

async function downloadOne(
  shell: Shell,
  http: Session["http"],
  pfn: string,
  folder: string,
): Promise<void> {
  const url = await downloadUrl(http, pfn)
  await inScratch(shell, async (scratch) => {
    const file = join(scratch, "sandbox")
    const checksum = await following(shell, "Downloading", (follow) => download(url, file, follow))
    const [, expected = checksum] = /\/sha256:([\da-f]{64})\./i.exec(pfn) ?? []
    if (checksum !== expected.toLowerCase()) {
      throw new CommandError("the sandbox is damaged: its checksum is not that of its name")
    }
    await unpack(file, folder, shell.interrupted)
  })
}

/** Shows on the terminal how far the work is, until it ends or Ctrl-C ends it. */
async function following<Result>(
  { stderr, interrupted: signal }: Shell,
  label: string,
  work: (follow: Following) => Promise<Result>,
): Promise<Result> {
  const progress = progressOn(stderr, label)
  return await work({ signal, onProgress: progress.step }).finally(progress.end)
}

/** Works in a folder that is gone afterwards. */
async function inScratch(
  { scratch }: Shell,
  work: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(scratch, "spinor-"))
  try {
    await work(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
