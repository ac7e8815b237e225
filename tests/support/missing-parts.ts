import type { Reporter } from "vitest/node"
import { isInstalled } from "./lambda/runtime-client.ts"
import { missingServers } from "./servers.ts"

/** Names in the last lines of a run what this machine lacks, so that a skipped test is no surprise. */
export const missingParts: Reporter = {
  onTestRunEnd(modules) {
    const reasons = new Set(missingServers().map((name) => `${name}: npm run services -- up`))
    if (!isInstalled()) reasons.add("Lambda's runtime client: cmake, g++, make and xz compile it")
    for (const module of modules) {
      for (const test of module.children.allTests("skipped")) {
        const result = test.result()
        if (result.state === "skipped" && result.note !== undefined) reasons.add(result.note)
      }
    }
    if (reasons.size === 0) return
    console.log("Not tested here, because this machine lacks:")
    for (const reason of reasons) console.log(`  ${reason}`)
  },
}
