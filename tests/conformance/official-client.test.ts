import { tmpdir } from "node:os"
import { delimiter, join } from "node:path"
import { describe, expect, it, onTestFinished, type TestContext } from "vitest"
import { DEMO_VO } from "@spinor/local/demo"
import { BACKENDS, freshDatabaseUrl, runsHere, type Backend } from "../support/backends.ts"
import { diracDatabases } from "../support/dirac-databases.ts"
import { lambdaRunsHere } from "../support/lambda/runtime-client.ts"
import { freshPrefix, openSearchRunsHere, openSearchUrl } from "../support/opensearch.ts"
import { usePythonPrograms } from "../support/python.ts"
import { runProgram } from "../support/run-program.ts"
import { s3RunsHere } from "../support/sandbox-stores.ts"
import type { Json } from "../support/service.ts"
import { serveByFunctions, serveByProcess, type Served } from "./served.ts"

/** How many checks each script has. */
const CHECKS = { cli: 24, client: 198 }
const MINUTES = 60_000
const TIMEOUT = { timeout: 6 * MINUTES }

// The command-line checks play the browser with curl.
const { bin, skipWithout } = usePythonPrograms(
  "the official DiracX client",
  join(import.meta.dirname, "requirements.txt"),
  ["curl"],
)

const fromShell = (url: string) => runScript("bash", "cli-e2e.sh", { DIRACX_URL: url })
const fromPython = (url: string) => runScript("python", "client-e2e.py", { DIRACX_URL: url })

/** Who serves, on which database. */
interface Setting {
  readonly name: string
  readonly serve: (variables: Record<string, string>) => Promise<Served>
  readonly backend: Backend
  readonly openSearch: boolean
  readonly runs: boolean
}

const settings: Setting[] = [
  ...BACKENDS.map((backend) => ({
    name: backend,
    serve: serveByProcess,
    backend,
    openSearch: false,
    runs: runsHere(backend),
  })),
  {
    name: "functions with MariaDB, S3 and OpenSearch",
    serve: serveByFunctions,
    backend: "mysql",
    openSearch: true,
    runs: (await lambdaRunsHere()) && runsHere("mysql") && openSearchRunsHere() && s3RunsHere(),
  },
]

describe.concurrent.each(settings)("the official client 0.7.0 on $name", (setting) => {
  it.skipIf(!setting.runs)("works from the command line: dirac", TIMEOUT, async (test) => {
    skipWithout(test)
    const { url } = await served(test, setting)
    const output = await fromShell(url)
    expect(count(output, "OK"), output).toBe(CHECKS.cli)
  })

  it.skipIf(!setting.runs)("works from Python: diracx.client", TIMEOUT, async (test) => {
    skipWithout(test)
    const service = await served(test, setting)
    const output = await fromPython(service.url)
    expect(count(output, "OK"), output).toBe(CHECKS.client)
    if (!setting.openSearch) return
    // Of a heartbeat and of metadata.
    const written = { StandardOutput: "hello", HostName: "wn1", MyOwn: "x" }
    const found = test.expect.poll(() => parametersOf(service), { timeout: 10_000 })
    await found.toContainEqual(expect.objectContaining(written))
  })
})

/** The parameters of jobs with the factor that the script has set, as a user of the demo's VO finds them. */
async function parametersOf({ url, tokenFor }: Served): Promise<Json[]> {
  const body = { search: [{ parameter: "CPUNormalizationFactor", operator: "eq", value: 10 }] }
  const answer = await fetch(`${url}/api/jobs/parameters/search`, {
    method: "POST",
    body: JSON.stringify(body),
    headers: {
      authorization: `Bearer ${tokenFor({ vo: DEMO_VO })}`,
      "content-type": "application/json",
    },
  })
  expect(answer.status).toBe(200)
  return (await answer.json()) as Json[]
}

describe.skipIf(!runsHere("mysql"))(
  "the official client 0.7.0 on the databases of DIRAC v9",
  () => {
    it("works from Python: diracx.client", TIMEOUT, async (test) => {
      skipWithout(test)
      const { urls, drop } = await diracDatabases()
      onTestFinished(drop)
      const { url, stop } = await serveByProcess(
        Object.fromEntries([...urls].map(([name, database]) => [variableOf(name), database])),
      )
      onTestFinished(stop)
      const output = await fromPython(url)
      expect(count(output, "OK"), output).toBe(CHECKS.client)
    })
  },
)

const variableOf = (database: string): string => `DIRACX_DB_URL_${database.toUpperCase()}`

/** The service of one test, with databases of its own. */
async function served(
  { onTestFinished }: TestContext,
  { serve, backend, openSearch }: Setting,
): Promise<Served> {
  const { url, drop } = await freshDatabaseUrl(backend)
  onTestFinished(drop)
  const documents = freshPrefix()
  if (openSearch) onTestFinished(documents.drop)
  const service = await serve({
    SPINOR_DB_URL: url,
    ...(openSearch && {
      DIRACX_OS_DB_JOBPARAMETERSDB: JSON.stringify({ hosts: openSearchUrl() }),
      DIRACX_FACTORY_OS_GLOBAL_PREFIX: documents.prefix,
      SPINOR_DOCUMENTS: "",
    }),
  })
  onTestFinished(service.stop)
  return service
}

/** Throws what the script printed when a check failed. */
const runScript = (interpreter: string, script: string, env: Record<string, string>) =>
  runProgram(interpreter, [join(import.meta.dirname, script)], {
    timeout: 5.5 * MINUTES,
    env: {
      ...env,
      DX_AUTO_IDP: "1",
      PATH: [bin, process.env["PATH"]].join(delimiter),
      LANG: "C.UTF-8",
      HOME: tmpdir(),
    },
  })

const count = (output: string, word: string) =>
  output.split("\n").filter((line) => line.startsWith(`${word} `)).length
