import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { stringify } from "yaml"
import { keystoreText, newSigningKey } from "@spinor/core/security/new-keys"
import { systemRandom } from "@spinor/core/security/random"
import { newStateKey } from "@spinor/core/security/state-key"
import { bundle } from "../../functions/bundle/bundle.ts"
import { startLambda, type LambdaOptions } from "../support/lambda/container.ts"
import { httpGet } from "../support/lambda/http-event.ts"
import { runtimeClient } from "../support/lambda/runtime-client.ts"
import { configuration } from "../support/service.ts"
import { median, type Report } from "./report.ts"

const PATH = "/.well-known/dirac-metadata"
const RUNS = 15
const LIMIT = 2.5

/**
 * How long a function takes from spawn to its first answer under Lambda's runtime client: the
 * service with mysql2, and one that is nothing but Hono, in turns.
 */
export async function startUp(): Promise<Report> {
  await runtimeClient()
  const folder = await mkdtemp(join(tmpdir(), "spinor-start-up-"))
  try {
    const env = await environment(folder)
    const bare = await built("bare Hono", fileURLToPath(import.meta.resolve("./bare-hono.ts")), {
      folder,
      env: {},
    })
    const spinor = await built("Spinor, mysql2", "functions/api.ts", { folder, env })
    for (const candidate of [bare, spinor]) await firstAnswer(candidate.lambda)
    for (let run = 0; run < RUNS; run++) {
      for (const candidate of [bare, spinor]) {
        candidate.milliseconds.push(await firstAnswer(candidate.lambda))
      }
    }
    return report([bare, spinor])
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

interface Candidate {
  readonly name: string
  readonly bytes: number
  readonly lambda: LambdaOptions
  readonly milliseconds: number[]
}

async function built(
  name: string,
  entry: string,
  { folder, env }: { folder: string; env: Record<string, string> },
): Promise<Candidate> {
  const file = entry.replace(/^.*\/|\.ts$/g, "")
  const place = join(folder, file)
  const files = Object.values(await bundle({ entry, folder: place, driver: "mysql2" }))
  return {
    name,
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    lambda: { folder: place, handler: `${file}.handler`, env },
    milliseconds: [],
  }
}

/** A deployment's variables, with its configuration in a file. The database is not asked. */
async function environment(folder: string): Promise<Record<string, string>> {
  const config = join(folder, "default.yml")
  await writeFile(config, stringify(configuration))
  return {
    DIRACX_CONFIG_BACKEND_URL: pathToFileURL(config).href,
    DIRACX_SERVICE_AUTH_TOKEN_KEYSTORE: keystoreText([newSigningKey("Ed25519", "bench")]),
    DIRACX_SERVICE_AUTH_STATE_KEY: newStateKey(systemRandom),
    DIRACX_SANDBOX_STORE_BUCKET_NAME: "spinor",
    SPINOR_DOCUMENTS: "sql",
    AWS_ACCESS_KEY_ID: "lent",
    AWS_SECRET_ACCESS_KEY: "lent",
    SPINOR_DB_URL: "mysql+mysql2://spinor:spinor@127.0.0.1:3306/spinor",
    SPINOR_PUBLIC_URL: "https://spinor.example.org",
  }
}

/** Milliseconds from spawn to the answer of the first request. */
async function firstAnswer(options: LambdaOptions): Promise<number> {
  const began = performance.now()
  const lambda = await startLambda(options)
  try {
    const answer = await lambda.invoke(httpGet(PATH))
    const took = performance.now() - began
    if (!isOk(answer)) throw new Error(`${PATH} answers ${JSON.stringify(answer)}`)
    return took
  } finally {
    await lambda.stop()
  }
}

const isOk = (answer: unknown): boolean =>
  typeof answer === "object" &&
  answer !== null &&
  "statusCode" in answer &&
  answer.statusCode === 200

function report(candidates: readonly Candidate[]): Report {
  const [bare = Number.NaN, spinor = Number.NaN] = candidates.map((each) =>
    median(each.milliseconds),
  )
  const ratio = spinor / bare
  return {
    title: `Start-up: spawn to the answer of GET ${PATH}, ${RUNS} runs in turns`,
    rows: candidates.map(({ name, bytes, milliseconds }) => ({
      function: name,
      "median ms": round(median(milliseconds), 1),
      "min ms": round(Math.min(...milliseconds), 1),
      "max ms": round(Math.max(...milliseconds), 1),
      ratio: round(median(milliseconds) / bare, 2),
      kB: round(bytes / 1000, 0),
    })),
    requirement: `the ratio is at most ${LIMIT}: ${round(ratio, 2)}`,
    holds: ratio <= LIMIT,
  }
}

const round = (value: number, digits: number): number => Number(value.toFixed(digits))
