import { chown } from "node:fs/promises"
import { join } from "node:path"
import { runProgram } from "../run-program.ts"
import { findProgram, installPackages } from "./debian.ts"
import { unprivileged } from "./unprivileged.ts"

/** The name of the file, in a service's folder, with the certificate that it shows. */
export const CERTIFICATE = "certificate.pem"

export async function installOpenssl(): Promise<void> {
  if ((await findProgram("openssl")) === undefined) await installPackages("openssl")
}

/** Makes a certificate for the host `localhost`, signed by itself, and gives the files. */
export async function makeCertificate(
  folder: string,
): Promise<{ certificate: string; key: string }> {
  const [certificate, key] = [join(folder, CERTIFICATE), join(folder, "key.pem")]
  const kind = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "365"]
  const name = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
  const files = ["-keyout", key, "-out", certificate]
  await runProgram("openssl", ["req", ...kind, ...name, ...files])
  const { uid, gid } = unprivileged()
  if (uid !== undefined && gid !== undefined) await chown(key, uid, gid)
  return { certificate, key }
}
