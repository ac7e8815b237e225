import { readFile } from "node:fs/promises"
import { resolve } from "node:path"
import type { Command } from "commander"
import { jsonText, withJson, type JsonOption } from "@spinor/admin/json"
import { UsageError } from "../errors.ts"
import { submitJobs } from "../job-service.ts"
import { withExamples, withUrl } from "../options.ts"
import { openSession, type UrlOption } from "../session.ts"
import type { Shell } from "../shell.ts"

const STDIN = "-"

type SubmitOptions = UrlOption & JsonOption

export function mountSubmit(program: Command, shell: Shell): void {
  const submit = program
    .command("submit")
    .description("submit jobs that are described in JDL, all in one call")
    .argument("[files...]", "files with one JDL each; - is the standard input, as is no file")
    .action((files: string[], options: SubmitOptions) => submitFiles(shell, files, options))
  withUrl(withJson(submit, "print what the service says of each job as JSON"))
  withExamples(submit, [
    "submit hello.jdl",
    "submit jobs/*.jdl --json",
    `submit <<< 'Executable = "/bin/echo"; Arguments = "Hello";'`,
  ])
}

async function submitFiles(
  shell: Shell,
  files: readonly string[],
  { json = false, ...option }: SubmitOptions,
): Promise<void> {
  const sources = files.length === 0 ? [STDIN] : files
  if (sources.filter((source) => source === STDIN).length > 1) {
    throw new UsageError("the standard input (-) can be read once only")
  }
  const jdls: string[] = []
  for (const source of sources) jdls.push(await textOf(source, shell))

  const { http } = await openSession(shell, option)
  const jobs = await submitJobs(http, jdls)
  if (json) {
    shell.stdout.write(jsonText(jobs))
    return
  }
  const ids = jobs.map((job) => job.JobID).join(", ")
  const what = jobs.length === 1 ? "job" : `${jobs.length} jobs:`
  shell.stdout.write(`${shell.paint("green", "Submitted")} ${what} ${ids}\n`)
}

async function textOf(source: string, { cwd, readStdin }: Shell): Promise<string> {
  if (source !== STDIN) return await readFile(resolve(cwd, source), "utf8")
  if (readStdin === undefined) {
    throw new UsageError('name files with JDL, or pipe one in; "spinor submit --help" shows how')
  }
  return await readStdin()
}
