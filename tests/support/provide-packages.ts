import { needsAll } from "./servers.ts"
import { installPackages } from "./services/debian.ts"

/** Installs Debian packages where all must run, as in CI; plain `npm test` changes nothing on the machine. */
export async function providePackages(...names: string[]): Promise<void> {
  if (!needsAll()) throw new Error(`Install ${names.join(" and ")}`)
  await installPackages(...names)
}
