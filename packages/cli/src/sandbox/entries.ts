import { posix } from "node:path"

/** What an archive says of one of its entries. */
export interface Entry {
  readonly path: string
  readonly type: string
  readonly linkpath?: string | undefined
}

const KINDS = new Set(["File", "OldFile", "ContiguousFile", "Directory"])

/**
 * Why the entries of somebody else's archive must not be unpacked: one of them would come to lie, or
 * to point, outside of the folder, or is no file at all. Undefined if nothing is wrong with them.
 */
export function faultOf(entries: readonly Entry[]): string | undefined {
  const links = new Set(
    entries.filter(({ type }) => type === "SymbolicLink").map(({ path }) => posix.normalize(path)),
  )
  for (const entry of entries) {
    const why = faultOfPath(entry.path, links) ?? faultOfKind(entry)
    if (why !== undefined) return `${entry.path} ${why}`
  }
  return undefined
}

function faultOfPath(path: string, links: ReadonlySet<string>): string | undefined {
  if (!staysBelow(path)) return "lies outside of the sandbox"
  const parts = posix.normalize(path).split("/")
  const parents = parts.slice(0, -1).map((_, last) => parts.slice(0, last + 1).join("/"))
  return parents.some((parent) => links.has(parent)) ? "lies behind a link" : undefined
}

function faultOfKind({ path, type, linkpath = "" }: Entry): string | undefined {
  if (KINDS.has(type)) return undefined
  if (type === "Link") return staysBelow(linkpath) ? undefined : "is a link to the outside"
  if (type !== "SymbolicLink") return `is no file but a ${type}`
  // A ".." that comes after a name could go up from wherever a link of that name leads.
  const [, up = "", rest = ""] = /^((?:\.\.\/)*(?:\.\.$)?)(.*)$/s.exec(linkpath) ?? []
  const depth =
    posix
      .normalize(path)
      .split("/")
      .filter((part) => part !== "").length - 1
  const climbs = up.split("..").length - 1
  const isInside = climbs <= depth && (rest === "" || staysBelow(rest))
  return isInside ? undefined : "is a link to the outside"
}

const staysBelow = (path: string): boolean =>
  path !== "" && !path.startsWith("/") && !path.split("/").includes("..")
