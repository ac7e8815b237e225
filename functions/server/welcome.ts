import { resolve } from "node:path"
import type { Settings } from "@spinor/core/settings/settings"
import { DEMO_ACCOUNTS, DEMO_VO } from "@spinor/local/demo"
import { LOOPBACK } from "./embed.ts"
import { paint, write } from "../compose/log.ts"

interface Welcome {
  readonly origin: string
  readonly settings: Settings
  /** Where they are, without secrets. */
  readonly databases: readonly string[]
  /** Where parameters and logs are: "SQL", or URLs. */
  readonly documents: readonly string[]
  readonly embedded: boolean
}

/** Where the command line looks for the service unless it is told. */
const USUAL_PORT = 8000

/** Says what runs where and what to try, when the service is ready; in a line of the log where programs read it. */
export function welcome({ origin, settings, databases, documents, embedded }: Welcome): void {
  const rows: [string, string][] = [
    ["service", origin],
    ["API reference", `${origin}/api/docs`],
    ["configuration", withoutSecrets(settings.DIRACX_CONFIG_BACKEND_URL ?? "")],
    ["database", databases.join(", ")],
    ["documents", documents.join(", ").replace("SQL", "in the database")],
  ]
  if (embedded) {
    const names = DEMO_ACCOUNTS.map(({ preferredUsername }) => preferredUsername).join(" and ")
    rows.push(["data folder", resolve(settings.SPINOR_DATA_DIR)])
    rows.push(["sign in as", `${names}, in the VO ${DEMO_VO}; for development only`])
  }
  const lines = rows.map(
    ([what, where]) => `  ${paint("dim", what.padEnd(14))} ${paint("cyan", where)}`,
  )
  const commands = [
    ...(new URL(origin).port === String(USUAL_PORT) ? [] : [`export DIRACX_URL=${origin}`]),
    `npx spinor login ${embedded ? DEMO_VO : ""}`.trimEnd(),
    `echo 'Executable = "/bin/echo"; Arguments = "hello";' | npx spinor submit -`,
    "npx spinor jobs",
  ].map((command) => `  ${paint("green", command)}`)
  const text = [paint("bold", "Spinor is ready"), ...lines, "Try in another terminal", ...commands]
  if (embedded && !LOOPBACK.test(settings.HOST)) {
    text.push(paint("red", `Whoever reaches ${settings.HOST} can sign in as a demo user`))
  }
  const forPeople = `\n${text.join("\n")}\n`
  // Who tries it out reads what it says wherever it goes.
  if (embedded) process.stdout.write(`${forPeople}\n`)
  else write(() => forPeople, { ready: Object.fromEntries(rows) })
}

/** A URL without user, password and options. */
const withoutSecrets = (url: string): string =>
  url.replace(/\/\/[^/?#]*@/, "//").replace(/[?#].*$/s, "")
