import { setTimeout as sleep } from "node:timers/promises"
import { describe, expect, it, onTestFinished } from "vitest"
import { runsHere } from "../../support/backends.ts"
import { DRIVERS } from "../../support/lambda/deployment.ts"
import { lambdaRunsHere } from "../../support/lambda/runtime-client.ts"
import { startDatabaseProxy } from "../../support/tcp-proxy.ts"
import { useContainers } from "./containers.ts"

const canRun = await lambdaRunsHere()

/** For so long a connection is believed to be there. */
const BELIEVED_MS = { mysql: 1000, postgresql: 1000, libsql: 4000, planetscale: 4000 }

const BACKENDS = (Object.keys(DRIVERS) as (keyof typeof DRIVERS)[]).filter(runsHere)

describe.skipIf(!canRun).each(BACKENDS)("a container that is frozen, on %s", (backend) => {
  const deployed = useContainers(backend)

  it.each(["ends", "forgets"])(
    "answers when the network %s its connections meanwhile",
    async (what) => {
      const { proxy, url } = await startDatabaseProxy(deployed.url)
      onTestFinished(() => proxy.cut())
      const call = await deployed.api({ url })
      const submit = async () => (await call("POST", "/api/jobs/jdl", ["", ""])).status
      expect(await submit()).toBe(201)
      if (what === "forgets") proxy.forget()
      else {
        await proxy.cut()
        await proxy.open()
      }
      await sleep(BELIEVED_MS[backend] + 100)
      expect(await submit()).toBe(201)
    },
  )
})
