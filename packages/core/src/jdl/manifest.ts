import { excerpt, JdlError } from "./error.ts"
import { readStatements, type Statement } from "./syntax.ts"
import { splitElements, splitList, strip } from "./text.ts"

/** A job description as options and sections, in the order in which they are first named. */
export type Manifest = Map<string, Option | Manifest>

export interface Option {
  /** The value without quotes, the items of a list joined by commas. */
  readonly text: string
  readonly items: readonly string[]
}

export const option = (text: string): Option => ({ text, items: splitList(text) })

export const isSection = (entry: Option | Manifest): entry is Manifest => entry instanceof Map

/**
 * Reads a text between brackets as DIRAC's job manifest does: each value checked and freed from its quotes.
 * @throws JdlError
 */
export const readManifest = (text: string): Manifest => manifestOf(readStatements(strip(text)))

function manifestOf(statements: readonly Statement[]): Manifest {
  const manifest: Manifest = new Map()
  for (const { key, value, unterminated } of statements) {
    const name = strip(key)
    if (name === "" || unterminated) continue
    if (typeof value === "object") addSection(manifest, name, value)
    else addOption(manifest, name, strip(value ?? ""))
  }
  return manifest
}

function addOption(manifest: Manifest, name: string, value: string): void {
  if (value === "") throw new JdlError(`No value for key ${excerpt(name)}`)
  const entry = readOption(name, value)
  const place = placeOf(manifest, name)
  place?.section.set(place.name, entry)
}

function addSection(manifest: Manifest, name: string, statements: readonly Statement[]): void {
  const section = manifestOf(statements)
  const place = placeOf(manifest, name)
  if (place?.section.has(place.name)) throw new JdlError(`${excerpt(name)} key already exists`)
  place?.section.set(place.name, section)
}

/** Where a name with slashes leads: as in DIRAC, nowhere when a section of the way is not there yet. */
function placeOf(
  manifest: Manifest,
  path: string,
): { section: Manifest; name: string } | undefined {
  if (!path.includes("/")) return { section: manifest, name: path }
  const parts = path.split("/").map(strip)
  const names = parts.filter((part) => part !== "")
  const name = names.pop()
  let section = manifest
  for (const [index, parent] of names.entries()) {
    const entry = section.get(parent)
    if (entry === undefined) return undefined
    if (!isSection(entry)) {
      if (index < names.length - 1) return undefined
      throw new JdlError(`Entry ${excerpt(parent)} doesn't seem to be a section`)
    }
    section = entry
  }
  return name === undefined ? undefined : { section, name }
}

function readOption(name: string, value: string): Option {
  if (!value.startsWith("{")) return option(withoutQuotes(name, value))
  if (!value.endsWith("}") || value.length === 1) {
    throw new JdlError(`Value '${excerpt(value)}' seems a list but does not end in '}'`)
  }
  const elements = splitElements(value.slice(1, -1))
    .map(strip)
    .filter((element) => element !== "")
    .map((element) => withoutQuotes(name, element))
  return {
    text: elements.join(", "),
    items: elements.map(strip).filter((item) => item !== ""),
  }
}

/** Text behind the last quote is dropped, as DIRAC does. */
function withoutQuotes(name: string, value: string): string {
  if (!value.startsWith('"')) return value.replaceAll('"', "")
  const [, ...parts] = value.split('"')
  const closed = parts.length % 2 === 0
  const quoted = parts.filter((_, index) => index % 2 === 0)
  const between = parts.filter((_, index) => index % 2 === 1)
  if (between.slice(0, quoted.length - 1).some((text) => strip(text) !== ",")) {
    throw new JdlError(`Var ${excerpt(name)} : value seems a list but is not separated in commas`)
  }
  if (!closed) {
    throw new JdlError(`Var ${excerpt(name)} : value is opened with " but is not closed`)
  }
  return quoted.join(", ")
}
