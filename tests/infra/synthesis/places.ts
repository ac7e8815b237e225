import { existsSync } from "node:fs"
import { join } from "node:path"

/** The root of the project, where SST looks for its configuration. */
export const ROOT = join(import.meta.dirname, "../../..")

/** SST's components and the SDK of Pulumi, as `sst install` lays them there. */
export const PLATFORM = join(ROOT, ".sst/platform")

/** What SST writes last. */
export const PROVIDERS = join(ROOT, ".sst/provider-lock.json")

export const isPlatformHere = (): boolean => existsSync(PROVIDERS)
