import { globSync } from "node:fs"
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { runProgram } from "../../support/run-program.ts"
import type { Schemas } from "./convert.ts"

const SOURCE = "registry.terraform.io/hashicorp/aws"

/** Where machines have providers that were not downloaded; SPINOR_TEST_TERRAFORM_PLUGINS names another folder. */
const FOLDERS = `{/opt,/usr/share,/usr/local/share}/*/${SOURCE}/*`

export interface Terraform {
  readonly schemas: Schemas
  /** The errors that the provider finds. */
  validate(resources: object): Promise<string[]>
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
    async validate(resources) {
      await write(resources)
      const text = await run("validate", "-json").catch(({ message }: Error) => message)
      const { diagnostics } = JSON.parse(text.slice(text.indexOf("{"))) as {
        diagnostics: { severity: string; summary: string; detail?: string; address?: string }[]
      }
      return diagnostics
        .filter(({ severity }) => severity === "error")
        .map(({ summary, detail, address }) => `${address ?? ""}: ${summary} ${detail ?? ""}`)
    },
    remove,
  }
}

const isInstalled = () =>
  runProgram("terraform", ["version"]).then(
    () => true,
    () => false,
  )

const HEAD = {
  terraform: { required_providers: { aws: { source: "hashicorp/aws" } } },
  provider: { aws: { region: "eu-central-1" } },
}
