import { spawn, type ChildProcess } from "node:child_process"
import { chmod, mkdir, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { runProgram } from "../run-program.ts"
import { installOpenssl, makeCertificate } from "./certificate.ts"
import { findProgram, installPackages, program } from "./debian.ts"
import type { Place, Service } from "./service.ts"
import { unprivileged } from "./unprivileged.ts"

/** MySQL 8's defaults: stricter than MariaDB's, so that what passes here passes there. */
const SQL_MODE = [
  "ONLY_FULL_GROUP_BY",
  "STRICT_TRANS_TABLES",
  "NO_ZERO_IN_DATE",
  "NO_ZERO_DATE",
  "ERROR_FOR_DIVISION_BY_ZERO",
  "NO_ENGINE_SUBSTITUTION",
].join()

// One statement a line, as --init-file wants it.
const CREATE_USER = `CREATE USER 'test'@'%' IDENTIFIED BY 'test';
GRANT ALL ON *.* TO 'test'@'%' WITH GRANT OPTION;
`

/** The data are thrown away: speed before durability. */
const FAST = ["--innodb-flush-log-at-trx-commit=0", "--innodb-doublewrite=0"]

/** Nothing that was committed may be lost, as in production; with memory for a million jobs. */
const DURABLE = [
  "--innodb-flush-log-at-trx-commit=1",
  "--innodb-doublewrite=1",
  "--innodb-buffer-pool-size=2G",
  "--innodb-log-file-size=1G",
  // Otherwise no page is written before the log is nearly full, and then all at once.
  "--innodb-max-dirty-pages-pct-lwm=1",
  // With 200 pages a second, which is the default, 2,316 writes a second filled the log after six minutes.
  "--innodb-io-capacity=2000",
]

export const mariadb: Service = {
  name: "MariaDB",
  variable: "SPINOR_TEST_MARIADB_URL",
  stopSignal: "SIGTERM",

  url(port) {
    return `mysql://test:test@127.0.0.1:${port}/`
  },

  async install() {
    await installOpenssl()
    const found = await Promise.all(
      ["mariadbd", "mariadb-install-db", "my_print_defaults"].map(findProgram),
    )
    // Not mariadb-server, which would start a system service on port 3306.
    if (found.includes(undefined))
      await installPackages("mariadb-server-core", "mariadb-client-core")
  },

  spawn: (place) => spawnServer(place, FAST),

  async probe(url) {
    const { createConnection } = await import("mysql2/promise")
    const connection = await createConnection(url)
    await connection.query("select 1").finally(() => connection.end())
  },
}

/** For benchmarks, which have it for themselves. */
export const durableMariadb: Service = {
  ...mariadb,
  name: "MariaDB-durable",
  spawn: (place) => spawnServer(place, DURABLE),
}

async function spawnServer(
  { folder, port, log }: Place,
  more: readonly string[],
): Promise<ChildProcess> {
  const data = join(folder, "data")
  const scratch = join(folder, "scratch")
  const init = join(folder, "init.sql")
  await Promise.all([mkdir(scratch), writeFile(init, CREATE_USER)])
  await Promise.all([chmod(scratch, 0o777), chmod(init, 0o644)])
  const { certificate, key } = await makeCertificate(folder)
  const options = ["--no-defaults", `--datadir=${data}`, `--tmpdir=${scratch}`]
  await runProgram(
    await program("mariadb-install-db"),
    [...options, "--auth-root-authentication-method=normal", "--skip-test-db"],
    { ...unprivileged(), cwd: folder },
  )
  return spawn(
    await program("mariadbd"),
    [
      ...options,
      "--bind-address=127.0.0.1",
      `--port=${port}`,
      `--socket=${join(folder, "socket")}`,
      `--pid-file=${join(folder, "pid")}`,
      `--init-file=${init}`,
      "--skip-name-resolve",
      `--ssl-cert=${certificate}`,
      `--ssl-key=${key}`,
      "--max-connections=500",
      "--character-set-server=utf8mb4",
      // DIRAC's, and not UTC: nothing may depend on the time zone of the server.
      "--collation-server=utf8mb4_general_ci",
      "--default-time-zone=+02:00",
      `--sql-mode=${SQL_MODE}`,
      ...more,
    ],
    { ...unprivileged(), cwd: folder, detached: true, stdio: ["ignore", log, log] },
  )
}
