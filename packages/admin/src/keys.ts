import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises"
import { dirname, resolve } from "node:path"
import { pathToFileURL } from "node:url"
import { Option, type Command } from "commander"
import { parseKeystore, KeystoreError } from "@spinor/core/security/keystore"
import {
  keystoreText,
  newSigningKey,
  rotateKeystore,
  type Algorithm,
} from "@spinor/core/security/new-keys"
import { newStateKey } from "@spinor/core/security/state-key"
import { uuid7 } from "@spinor/core/security/uuid7"
import { jsonText, withJson, type JsonOption } from "./json.ts"
import { orExplain, type Terminal } from "./terminal.ts"

/** EdDSA is the older name of what RFC 9864 calls Ed25519, the one that DiracX allows. */
const ALGORITHMS: Readonly<Record<string, Algorithm>> = {
  Ed25519: "Ed25519",
  EdDSA: "Ed25519",
  RS256: "RS256",
}

const algorithmOption = () =>
  new Option("-a, --algorithm <name>", "what the key signs with").choices(Object.keys(ALGORITHMS))

/** `keys generate`, `keys rotate` and `keys state`. */
export function mountKeys(program: Command, terminal: Terminal): void {
  const keys = program
    .command("keys")
    .description("make the keys with which the service signs tokens and seals logins")

  keys
    .command("generate")
    .description("make a keystore with one new signing key, for DIRACX_SERVICE_AUTH_TOKEN_KEYSTORE")
    .addOption(algorithmOption().default("Ed25519"))
    .option("-o, --out <file>", "write it to a file that only you can read; else it is printed")
    .option("-f, --force", "overwrite the file: tokens signed with its keys become invalid")
    .action((options: GenerateOptions, command: Command) =>
      orExplain(command, () => generate(options, terminal)),
    )

  keys
    .command("rotate")
    .description("add a new signing key to a keystore; its older keys go on verifying")
    .argument("<file>", "the keystore")
    .addOption(algorithmOption().default(undefined, "that of the key in use"))
    .action((file: string, options: RotateOptions, command: Command) =>
      orExplain(command, () => rotate(file, options, terminal)),
    )

  keys
    .command("state")
    .description("print a new key for DIRACX_SERVICE_AUTH_STATE_KEY")
    .action(({ json = false }: JsonOption) => {
      const key = newStateKey(terminal.random)
      terminal.stdout.write(json ? jsonText({ DIRACX_SERVICE_AUTH_STATE_KEY: key }) : `${key}\n`)
    })

  for (const command of keys.commands) withJson(command)
}

interface RotateOptions extends JsonOption {
  readonly algorithm?: string
}

interface GenerateOptions extends JsonOption {
  readonly algorithm: string
  readonly out?: string
  readonly force?: boolean
}

async function generate(
  { algorithm, out, force = false, json = false }: GenerateOptions,
  terminal: Terminal,
): Promise<void> {
  const text = keystoreText([newKey(algorithm, terminal)])
  if (out === undefined) {
    terminal.stdout.write(text)
    return
  }
  const path = resolve(terminal.cwd, out)
  await mkdir(dirname(path), { recursive: true })
  try {
    if (force) await replaceFile(path, text)
    else await writeFile(path, text, { mode: 0o600, flag: "wx" })
  } catch (cause) {
    if (!(cause instanceof Error && "code" in cause && cause.code === "EEXIST")) throw cause
    throw new KeystoreError(
      `${path} exists: "keys rotate" adds a key to it, --force replaces it and makes all tokens invalid`,
      { cause },
    )
  }
  const url = pathToFileURL(path).href
  terminal.stdout.write(
    json
      ? jsonText({ DIRACX_SERVICE_AUTH_TOKEN_KEYSTORE: url })
      : `DIRACX_SERVICE_AUTH_TOKEN_KEYSTORE=${url}\n`,
  )
}

async function rotate(
  file: string,
  { algorithm, json = false }: RotateOptions,
  terminal: Terminal,
): Promise<void> {
  const path = resolve(terminal.cwd, file)
  const text = await readFile(path, "utf8")
  const inUse = parseKeystore(text, Object.keys(ALGORITHMS)).signingKey
  const key = newKey(algorithm ?? inUse.algorithm, terminal)
  await replaceFile(path, rotateKeystore(text, key))
  const [signs, verifies] = [String(key["kid"]), inUse.kid]
  const sentence = `${signs} signs from the next start of the service on; ${verifies} goes on verifying\n`
  terminal.stdout.write(json ? jsonText({ signs, verifies }) : sentence)
}

const newKey = (algorithm: string, { clock, random }: Terminal) =>
  newSigningKey(ALGORITHMS[algorithm] ?? "Ed25519", uuid7(clock(), random).replaceAll("-", ""))

/** Whole or not at all: a service may be reading it. */
async function replaceFile(path: string, text: string): Promise<void> {
  const aside = `${path}.new`
  await rm(aside, { force: true })
  await writeFile(aside, text, { mode: 0o600, flag: "wx" })
  await rename(aside, path)
}
