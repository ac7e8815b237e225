import { once } from "node:events"
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { connect } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createServer, type Server } from "node:tls"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { OsUnavailableError } from "@spinor/db/os/errors"
import { openSearchRunsHere, openSearchUrl } from "../../support/opensearch.ts"
import { installOpenssl, makeCertificate } from "../../support/services/certificate.ts"
import { connected } from "./connected.ts"

describe.skipIf(!openSearchRunsHere())("OpenSearch behind TLS", () => {
  let folder = ""
  let server: Server
  let port = 0
  /** Of the host "localhost", signed by itself. */
  let files = { certificate: "", key: "" }
  /** Whether the client of the last connection showed a certificate. */
  let clientWasKnown = false

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "spinor-os-tls-"))
    await installOpenssl()
    files = await makeCertificate(folder)
    const cert = await readFile(files.certificate)
    const key = await readFile(files.key)
    const options = { cert, key, ca: cert, requestCert: true, rejectUnauthorized: false }
    server = createServer(options, (socket) => {
      clientWasKnown = socket.authorized
      const { hostname, port } = new URL(openSearchUrl())
      const node = connect(Number(port), hostname)
      socket.pipe(node).pipe(socket)
      socket.on("error", () => node.destroy()).on("close", () => node.destroy())
      node.on("error", () => socket.destroy())
    })
    // A client that does not trust us ends the handshake.
    server.on("tlsClientError", () => {})
    await once(server.listen(0), "listening")
    const address = server.address()
    if (typeof address === "object" && address !== null) port = address.port
  })
  afterAll(async () => {
    server.close()
    await rm(folder, { recursive: true, force: true })
  })

  const status = async (options: object): Promise<number | null> => {
    const connection = connected(options)
    try {
      return (await connection.call((client) => client.info())).statusCode
    } finally {
      await connection.close()
    }
  }
  const trusted = () => ({ ca_certs: files.certificate })
  const local = (options: object) => status({ hosts: `https://localhost:${port}`, ...options })

  it("is reached when its authority is trusted", async () => {
    expect(await local(trusted())).toBe(200)
    expect(await status({ hosts: `localhost:${port}`, use_ssl: true, ...trusted() })).toBe(200)
  })

  it("is reached when its authority lies in a folder beside other files", async () => {
    const authorities = join(folder, "authorities")
    await mkdir(join(authorities, "of-others"), { recursive: true })
    await writeFile(join(authorities, "0.pem"), await readFile(files.certificate))
    await writeFile(join(authorities, "0.namespaces"), "TO Issuer")
    expect(await local({ ca_certs: authorities })).toBe(200)
  })

  it("is not reached when its authority is unknown, unless nothing shall be verified", async () => {
    const refused = local({})
    await expect(refused).rejects.toBeInstanceOf(OsUnavailableError)
    await expect(refused).rejects.toMatchObject({ cause: { message: /self-signed/ } })
    expect(await local({ verify_certs: false, ssl_show_warn: false })).toBe(200)
  })

  it("is not reached under a name that is not the certificate's, unless names do not matter", async () => {
    const hosts = `https://127.0.0.1:${port}`
    const refused = status({ hosts, ...trusted() })
    await expect(refused).rejects.toMatchObject({ cause: { message: /altnames|cert's/ } })
    expect(await status({ hosts, ...trusted(), ssl_assert_hostname: false })).toBe(200)
    await expect(status({ hosts, ssl_assert_hostname: false })).rejects.toThrow(OsUnavailableError)
  })

  it("is shown the client's own certificate", async () => {
    await local(trusted())
    expect(clientWasKnown).toBe(false)
    await local({ ...trusted(), client_cert: files.certificate, client_key: files.key })
    expect(clientWasKnown).toBe(true)
    const both = join(folder, "both.pem")
    const texts = [files.certificate, files.key].map((file) => readFile(file, "utf8"))
    await writeFile(both, (await Promise.all(texts)).join(""))
    clientWasKnown = false
    await local({ ...trusted(), client_cert: both })
    expect(clientWasKnown).toBe(true)
  })

  it("is away for a client whose certificate and key do not fit", async () => {
    const refused = local({ ...trusted(), client_cert: files.key })
    await expect(refused).rejects.toThrow(
      new OsUnavailableError("No client of OpenSearch can be made"),
    )
  })
})

describe("a file of TLS that cannot be read", () => {
  it.each(["ca_certs", "client_cert", "client_key"])("is told at start: %s", (field) => {
    expect(() => connected({ [field]: "/nowhere/s3cret.pem" })).toThrow(
      `DIRACX_OS_DB_JOBPARAMETERSDB names a file in ${field} that cannot be read`,
    )
  })
})
