import { readdirSync, readFileSync, statSync } from "node:fs"
import { join } from "node:path"
import type { OsTls } from "@spinor/core/settings/os-client"
import { SettingsError } from "@spinor/core/settings/settings"

/** What the files of the options hold, in PEM. */
export interface Certificates {
  readonly authorities: readonly string[]
  readonly cert: string | undefined
  /** Secret. */
  readonly key: string | undefined
}

/** @throws SettingsError that names the variable and the field of a file that cannot be read */
export function readCertificates({ ca, cert, key }: OsTls, variable: string): Certificates {
  const read = <Content>(field: string, content: () => Content): Content => {
    try {
      return content()
    } catch {
      throw new SettingsError([`${variable} names a file in ${field} that cannot be read`])
    }
  }
  const own = cert === undefined ? undefined : read("client_cert", () => textOf(cert))
  return {
    authorities: ca === undefined ? [] : read("ca_certs", () => textsIn(ca)),
    cert: own,
    key: key === undefined ? own : read("client_key", () => textOf(key)),
  }
}

/** A folder of authorities, such as /etc/grid-security/certificates, holds other files too. */
function textsIn(path: string): string[] {
  if (!statSync(path).isDirectory()) return [textOf(path)]
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map(({ name }) => textOf(join(path, name)))
    .filter((text) => text.includes("-----BEGIN CERTIFICATE-----"))
}

const textOf = (file: string): string => readFileSync(file, "utf8")
