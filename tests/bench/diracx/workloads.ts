import { reading } from "./reading.ts"
import type { Workload } from "./workload.ts"
import { writing } from "./writing.ts"

/** In the order in which they are driven: those that change what others read come later. */
export const workloads: Readonly<Record<string, Workload>> = { ...reading, ...writing }
