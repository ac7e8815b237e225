import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { delimiter, join } from "node:path"
import { describe, expect, it, onTestFinished } from "vitest"
import { keystoreText, newSigningKey } from "@spinor/core/security/new-keys"
import { parseKeystore } from "@spinor/core/security/keystore"
import { DEMO_VO } from "@spinor/local/demo"
import { BACKENDS, freshDatabaseUrl, runsHere, type Backend } from "../support/backends.ts"
import { diracDatabases } from "../support/dirac-databases.ts"
import { refresh } from "../support/document-stores.ts"
import { freshPrefix, openSearchRunsHere, openSearchUrl } from "../support/opensearch.ts"
import { serviceOn, type Json } from "../support/service.ts"
import { usePythonPrograms } from "../support/python.ts"
import { runProgram } from "../support/run-program.ts"
import { startServer } from "../support/server.ts"

/** How many checks each script has. */
const CHECKS = { cli: 24, client: 198 }
const MINUTES = 60_000

// The command-line checks play the browser with curl.
const { bin, skipWithout } = usePythonPrograms(
  "the official DiracX client",
  join(import.meta.dirname, "requirements.txt"),
  ["curl"],
)

describe.concurrent.each(BACKENDS)("the official client 0.7.0 on %s", (backend) => {
  const absent = !runsHere(backend)

  it.skipIf(absent)(
    "works from the command line: dirac",
    { timeout: 6 * MINUTES },
    async (test) => {
      skipWithout(test)
      const output = await againstServer(backend, (url) =>
        runScript("bash", "cli-e2e.sh", { DIRACX_URL: url }),
      )
      expect(count(output, "OK"), output).toBe(CHECKS.cli)
    },
  )

  it.skipIf(absent)("works from Python: diracx.client", { timeout: 6 * MINUTES }, async (test) => {
    skipWithout(test)
    const output = await againstServer(backend, (url) =>
      runScript("python", "client-e2e.py", { DIRACX_URL: url }),
    )
    expect(count(output, "OK"), output).toBe(CHECKS.client)
  })
})

it.skipIf(!openSearchRunsHere())(
  "the official client 0.7.0 writes parameters of jobs to OpenSearch, and the new operation finds them",
  { timeout: 6 * MINUTES },
  async (test) => {
    skipWithout(test)
    const { prefix, drop } = freshPrefix()
    onTestFinished(drop)
    const keys = keystoreText([newSigningKey("Ed25519", "official")])
    const variables = {
      DIRACX_OS_DB_JOBPARAMETERSDB: JSON.stringify({ hosts: openSearchUrl() }),
      DIRACX_FACTORY_OS_GLOBAL_PREFIX: prefix,
      DIRACX_SERVICE_AUTH_TOKEN_KEYSTORE: keys,
    }
    await serving(variables, async (url) => {
      const output = await runScript("python", "client-e2e.py", { DIRACX_URL: url })
      expect(count(output, "OK"), output).toBe(CHECKS.client)
      await refresh(prefix)
      // Of a heartbeat and of metadata.
      const written = { StandardOutput: "hello", HostName: "wn1", MyOwn: "x" }
      const found = await parametersOf(url, keys)
      expect(found).toContainEqual(expect.objectContaining(written))
      return output
    })
  },
)

/** The parameters of jobs with the factor that the script has set, as a user of the demo's VO finds them. */
async function parametersOf(url: string, keys: string): Promise<Json[]> {
  const keystore = parseKeystore(keys)
  const { tokenFor } = serviceOn(undefined as never, { keystore })
  const body = { search: [{ parameter: "CPUNormalizationFactor", operator: "eq", value: 10 }] }
  const answer = await fetch(`${url}/api/jobs/parameters/search`, {
    method: "POST",
    body: JSON.stringify(body),
    headers: {
      authorization: `Bearer ${tokenFor({ vo: DEMO_VO }, { iss: url })}`,
      "content-type": "application/json",
    },
  })
  expect(answer.status).toBe(200)
  return (await answer.json()) as Json[]
}

describe.skipIf(!runsHere("mysql"))(
  "the official client 0.7.0 on the databases of DIRAC v9",
  () => {
    it("works from Python: diracx.client", { timeout: 6 * MINUTES }, async (test) => {
      skipWithout(test)
      const { urls, drop } = await diracDatabases()
      onTestFinished(drop)
      const output = await serving(
        Object.fromEntries([...urls].map(([name, url]) => [variableOf(name), url])),
        (url) => runScript("python", "client-e2e.py", { DIRACX_URL: url }),
      )
      expect(count(output, "OK"), output).toBe(CHECKS.client)
    })
  },
)

async function againstServer(
  backend: Backend,
  check: (url: string) => Promise<string>,
): Promise<string> {
  if (backend === "sqlite") return await serving({}, check)
  const { url, drop } = await freshDatabaseUrl(backend)
  return await serving({ SPINOR_DB_URL: url }, check).finally(drop)
}

const variableOf = (database: string): string => `DIRACX_DB_URL_${database.toUpperCase()}`

async function serving(
  databases: Record<string, string>,
  check: (url: string) => Promise<string>,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "spinor-official-"))
  try {
    const server = await startServer({
      SPINOR_DATA_DIR: folder,
      SPINOR_IDP_APPROVE: "alice",
      SPINOR_JOBS_MAX_PER_CALL: "20",
      ...databases,
    })
    return await check(server.url).finally(server.stop)
  } finally {
    await rm(folder, { recursive: true })
  }
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
