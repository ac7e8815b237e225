import { randomUUID } from "node:crypto"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll } from "vitest"
import { parseKeystore } from "@spinor/core/security/keystore"
import { keystoreText, newSigningKey } from "@spinor/core/security/new-keys"
import { bundle, type Driver } from "../../../functions/bundle/bundle.ts"
import type { Backend } from "../backends.ts"
import { serviceOn, type Caller } from "../service.ts"
import { startLambda, type Lambda, type LambdaOptions } from "./container.ts"
import { deploymentVariables, PUBLIC_URL } from "./deployment-variables.ts"
import { linkResources } from "./linked.ts"

type Variables = Readonly<Record<string, string>>

/** The functions of a deployment, in Lambda's runtime client. */
export interface Deployment {
  /**
   * Starts a container, which is stopped with the deployment at the latest. It finds its variables
   * encrypted beside the code, as secrets travel; empty ones are not set.
   */
  start(
    name: FunctionName,
    more?: Variables,
    options?: Pick<LambdaOptions, "timeoutMs">,
  ): Promise<Lambda>
  /** The access token of a user, of the deployment's public URL unless told. */
  tokenFor(caller: Caller, issuer?: string): string
}

interface OpenDeployment extends Deployment {
  /** Stops all containers. */
  remove(): Promise<void>
}

/** Who answers requests alone knows keys and configuration (`infra/variables.ts`). */
const isLinkedTo = (name: FunctionName, variable: string): boolean =>
  name === "api" || !REQUEST_VARIABLES.test(variable)

const REQUEST_VARIABLES = /^DIRACX_(CONFIG|SERVICE)_|^SPINOR_PUBLIC_URL$/

/** What each function may take for an event, in milliseconds (`infra/`). */
const TIMEOUTS = { api: 29_000, migrate: 900_000, maintenance: 900_000, events: 300_000 }

type FunctionName = keyof typeof TIMEOUTS

/** The drivers of which a function carries one, by the backend of a test. */
export const DRIVERS = {
  mysql: "mysql2",
  postgresql: "postgres",
  libsql: "libsql-http",
  planetscale: "planetscale",
} as const satisfies Partial<Record<Backend, Driver>>

/** Makes a deployment, whose functions are bundled when they are first started. */
export async function openDeployment(driver: Driver): Promise<OpenDeployment> {
  const folder = await mkdtemp(join(tmpdir(), "spinor-deployment-"))
  const keystore = keystoreText([newSigningKey("Ed25519", "test")])
  const variables = await deploymentVariables(folder, keystore)
  const bundled = new Map<FunctionName, Promise<string>>()
  const started: Lambda[] = []
  const folderOf = async (name: FunctionName): Promise<string> => {
    const output = join(folder, name)
    await bundle({ entry: `functions/${name}.ts`, folder: output, driver })
    return output
  }
  const { tokenFor } = serviceOn(undefined as never, {
    keystore: parseKeystore(keystore),
  })
  return {
    async start(name, more = {}, options = {}) {
      const bundling = bundled.get(name) ?? folderOf(name)
      bundled.set(name, bundling)
      const place = await bundling
      const linkable = Object.entries(variables).filter(([each]) => isLinkedTo(name, each))
      const all = [...new Map([...linkable, ...Object.entries(more)])].filter(
        ([, value]) => value !== "",
      )
      const { own = [], linked = [] } = Object.groupBy(all, ([variable]) =>
        variable.startsWith("AWS_") ? "own" : "linked",
      )
      const file = join(place, `resource-${randomUUID()}.enc`)
      const keys = await linkResources(file, { Variables: Object.fromEntries(linked) })
      const env = { ...Object.fromEntries(own), ...keys }
      const lambda = await startLambda({
        timeoutMs: TIMEOUTS[name],
        ...options,
        folder: place,
        handler: `${name}.handler`,
        env,
      })
      started.push(lambda)
      return lambda
    },
    tokenFor: (caller, issuer = PUBLIC_URL) => tokenFor(caller, { iss: issuer }),
    async remove() {
      await Promise.all(started.map((lambda) => lambda.stop()))
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** A deployment for a suite. */
export function useDeployment(driver: Driver): Deployment {
  let opened: OpenDeployment | undefined
  beforeAll(async () => {
    opened = await openDeployment(driver)
  })
  afterAll(() => opened?.remove())
  const now = () => {
    if (opened === undefined) throw new Error("The deployment is used outside of a test")
    return opened
  }
  return {
    start: (...wanted) => now().start(...wanted),
    tokenFor: (...caller) => now().tokenFor(...caller),
  }
}
