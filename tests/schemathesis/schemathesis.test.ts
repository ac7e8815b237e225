import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { parseKeystore } from "@spinor/core/security/keystore"
import { newSigningKey } from "@spinor/core/security/new-keys"
import { SECURITY_PROPERTIES } from "@spinor/core/security/properties"
import { systemRandom } from "@spinor/core/security/random"
import { newStateKey } from "@spinor/core/security/state-key"
import { allOperations } from "@spinor/routers/services"
import { useDatabase } from "../support/database.ts"
import { freePort } from "../support/free-port.ts"
import { useIdentityProvider } from "../support/identity-provider.ts"
import { usePythonPrograms } from "../support/python.ts"
import { testEffort, testSeed } from "../support/random.ts"
import { runProgram } from "../support/run-program.ts"
import { startServer, type Server } from "../support/server.ts"
import { alice, carol, pilot, serviceOn, settings } from "../support/service.ts"
import { storeJobs } from "../support/stored-jobs.ts"

const operations = await allOperations()

/** Milliseconds that one run may take. */
const LONGEST = 150_000 * testEffort()
const port = await freePort()

const { bin, skipWithout } = usePythonPrograms(
  "schemathesis",
  join(import.meta.dirname, "requirements.txt"),
)

/** A pilot may not do all that others may, so it is none of them. */
const almighty = { properties: SECURITY_PROPERTIES.filter((name) => name !== "GenericPilot") }

describe("the whole document", () => {
  const database = useDatabase("sqlite")
  const url = `http://127.0.0.1:${port}`
  const provider = useIdentityProvider(url)
  const keys = JSON.stringify({ keys: [newSigningKey("Ed25519", "test")] })
  let folder: string
  let server: Server

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "spinor-schemathesis-"))
    await writeFile(join(folder, "default.yml"), JSON.stringify(provider.configuration))
    await storeJobs(
      database.sql,
      Array.from({ length: 20 }, () => ({})),
    )
    server = await startServer({
      PORT: String(port),
      DIRACX_CONFIG_BACKEND_URL: `file://${folder}`,
      DIRACX_SERVICE_AUTH_TOKEN_ISSUER: settings.tokenIssuer,
      DIRACX_SERVICE_AUTH_TOKEN_KEYSTORE: keys,
      DIRACX_SERVICE_AUTH_STATE_KEY: newStateKey(systemRandom),
      SPINOR_DB_URL: database.url,
      SPINOR_SANDBOX_STORE: "disk",
      SPINOR_DOCUMENTS: "sql",
      SPINOR_DATA_DIR: folder,
      // So many that logins, too, come to their end.
      SPINOR_LOGINS_PER_MINUTE: "100000",
    })
  })
  afterAll(async () => {
    await server.stop()
    await rm(folder, { recursive: true })
  })

  it.concurrent.for([
    { who: "somebody with every property", examples: 50, caller: almighty },
    { who: "a user", examples: 5, caller: alice },
    { who: "a user of another VO", examples: 5, caller: carol },
    { who: "a pilot", examples: 5, caller: pilot },
    { who: "somebody without a token", examples: 5, caller: undefined },
  ])(
    "finds no fault as $who",
    { timeout: LONGEST + 30_000 },
    async ({ examples, caller }, test) => {
      skipWithout(test)
      const { tokenFor } = serviceOn(database.sql, { keystore: parseKeystore(keys) })
      const exp = Math.floor((Date.now() + LONGEST) / 1000)
      const token = caller && tokenFor(caller, { exp })
      const output = await runSchemathesis(url, { examples, token })
      const described = operations.filter(({ config }) => !config.hidden)
      expect(output).toContain(`Tested: ${described.length}\n`)
    },
  )
})

/** Throws what it printed when it finds a fault. */
const runSchemathesis = (
  url: string,
  { examples, token }: { examples: number; token: string | undefined },
): Promise<string> =>
  runProgram(
    join(bin, "schemathesis"),
    [
      `--config-file=${join(import.meta.dirname, "schemathesis.toml")}`,
      "run",
      `${url}/api/openapi.json`,
      `--url=${url}`,
      `--max-examples=${examples * testEffort()}`,
      `--seed=${testSeed()}`,
      "--no-color",
      ...(token === undefined ? [] : [`--header=Authorization: Bearer ${token}`]),
    ],
    { timeout: LONGEST },
  )
