import { globSync } from "node:fs"
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { runProgram } from "../../support/run-program.ts"
import type { Schemas } from "./convert.ts"

const SOURCE = "registry.terraform.io/hashicorp/aws"

/** Where machines have providers that were not downloaded; SPINOR_TEST_TERRAFORM_PLUGINS names another folder. */
const FOLDERS = `{/opt,/usr/share,/usr/local/share}/*/${SOURCE}/*`

export interface Plan {
  readonly errors: readonly string[]
  /** How many resources it would make. */
  readonly made: number | undefined
}

export interface Terraform {
  readonly schemas: Schemas
  /** What the provider would do, and the errors that it finds: in the values alone, then in a plan. */
  plan(resources: object): Promise<Plan>
  remove(): Promise<void>
}

/** Terraform with the provider of AWS; undefined where this machine lacks either. */
export async function findTerraform(): Promise<Terraform | undefined> {
  const given = process.env["SPINOR_TEST_TERRAFORM_PLUGINS"]
  const pattern = given === undefined ? FOLDERS : join(given, SOURCE, "*")
  const [provider] = globSync(pattern)
  if (provider === undefined || !(await isInstalled())) return undefined
  const folder = await mkdtemp(join(tmpdir(), "spinor-terraform-"))
  const remove = () => rm(folder, { recursive: true, force: true })
  const env = { PATH: process.env["PATH"], HOME: folder, CHECKPOINT_DISABLE: "1" }
  const run = (...parameters: string[]) =>
    runProgram("terraform", parameters, { cwd: folder, env, timeout: 120_000 })
  /** What it says, be it content or not. */
  const told = (...parameters: string[]) =>
    run(...parameters).catch(({ message }: Error) => message.slice(message.indexOf("{")))
  const write = (resource?: object) =>
    writeFile(join(folder, "main.tf.json"), JSON.stringify({ ...HEAD, resource }))
  await write()
  await run("init", "-backend=false", `-plugin-dir=${provider.slice(0, provider.indexOf(SOURCE))}`)
  const answer = JSON.parse(await run("providers", "schema", "-json")) as {
    provider_schemas: Record<string, { resource_schemas: Schemas }>
  }
  const schemas = answer.provider_schemas[SOURCE]?.resource_schemas ?? {}
  return {
    schemas,
    async plan(resources) {
      await write(resources)
      const validated = JSON.parse(await told("validate", "-json")) as { diagnostics: Diagnostic[] }
      const errors = errorsOf(validated.diagnostics)
      if (errors.length > 0) return { errors, made: undefined }
      const lines = (await told("plan", "-json", "-input=false", "-refresh=false", "-lock=false"))
        .split("\n")
        .filter((line) => line.startsWith("{"))
        .map((line) => JSON.parse(line) as PlanLine)
      return {
        errors: errorsOf(lines.flatMap(({ diagnostic }) => diagnostic ?? [])),
        made: lines.find(({ changes }) => changes !== undefined)?.changes?.add,
      }
    },
    remove,
  }
}

interface Diagnostic {
  readonly severity: string
  readonly summary: string
  readonly detail?: string
  readonly address?: string
}

/** A line of what Terraform says of a plan. */
interface PlanLine {
  readonly diagnostic?: Diagnostic
  readonly changes?: { readonly add: number }
}

const errorsOf = (diagnostics: readonly Diagnostic[]): string[] =>
  diagnostics
    .filter(({ severity }) => severity === "error")
    .map(({ summary, detail, address }) => `${address ?? ""}: ${summary} ${detail ?? ""}`)

const isInstalled = () =>
  runProgram("terraform", ["version"]).then(
    () => true,
    () => false,
  )

/** A plan that asks no cloud. */
const HEAD = {
  terraform: { required_providers: { aws: { source: "hashicorp/aws" } } },
  provider: {
    aws: {
      region: "eu-central-1",
      access_key: "none",
      secret_key: "none",
      skip_credentials_validation: true,
      skip_metadata_api_check: true,
      skip_region_validation: true,
      skip_requesting_account_id: true,
    },
  },
}
