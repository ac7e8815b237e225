import { config } from "./config/operations.ts"
import type { Operation } from "./operation.ts"
import { wellKnown } from "./well-known/operations.ts"

/** Operations below a path, loaded when the first of them is asked for. */
export interface Service {
  readonly below: string
  readonly load: () => Promise<readonly Operation[]>
}

/** What asks a database is no part of the start of a function, which answers its first request without it. */
const databaseOperations = () => import("./database-operations.ts")
const docs = async () => (await import("./docs/operations.ts")).docs

/** The services of Spinor; an extension's come before them, and the first operation of a path wins. */
export const services: readonly Service[] = [
  { below: "/.well-known", load: async () => wellKnown },
  { below: "/api/auth", load: async () => (await databaseOperations()).auth },
  { below: "/api/config", load: async () => config },
  { below: "/api/jobs", load: async () => (await databaseOperations()).jobs },
  { below: "/api/jobs", load: async () => (await databaseOperations()).sandboxes },
  { below: "/api/pilots", load: async () => (await databaseOperations()).pilots },
  { below: "/api/rss", load: async () => (await databaseOperations()).rss },
  { below: "/api/health", load: async () => (await databaseOperations()).health },
  { below: "/api/docs", load: docs },
  { below: "/api/openapi.json", load: docs },
]

/** Those of all services, for who describes or tests the whole. */
export async function allOperations(): Promise<readonly Operation[]> {
  const loaded = await Promise.all(services.map(({ load }) => load()))
  return [...new Set(loaded.flat())]
}
