import { JdlError } from "./error.ts"
import { compareCodePoints } from "./text.ts"

/**
 * The platforms on which a job for any of the given ones runs, the newest version first.
 * @throws JdlError when there is none
 */
export function compatiblePlatforms(
  wanted: readonly string[],
  osCompatibility: Readonly<Record<string, readonly string[]>>,
): string[] {
  const entries = Object.entries(osCompatibility)
  if (entries.length === 0) throw new JdlError("OS compatibility info not found")
  const names = new Set(wanted)
  const platforms = entries.filter(([, items]) => items.some((item) => names.has(item)))
  if (platforms.length === 0) {
    throw new JdlError(`No compatible DIRAC platform found for ${wanted.join(",")}`)
  }
  return platforms
    .map(([platform]) => ({ platform, version: versionOf(platform) }))
    .sort((a, b) => compareVersions(b.version, a.version))
    .map(({ platform }) => platform)
}

/** Numbers padded so that they sort as text; zeros before a word do not count (1.0 is 1). */
function versionOf(platform: string): string[] {
  const parts: string[] = []
  for (const part of platform.toLowerCase().split(/(\d+|[a-z]+|\.| -)/)) {
    if (part === "" || part === ".") continue
    if (/^\d/.test(part)) parts.push(part.padStart(8, "0"))
    else {
      while (parts.at(-1) === "00000000") parts.pop()
      parts.push(part)
    }
  }
  return parts
}

function compareVersions(a: readonly string[], b: readonly string[]): number {
  for (const [index, part] of a.entries()) {
    const other = b[index]
    if (other === undefined) return 1
    const order = compareCodePoints(part, other)
    if (order !== 0) return order
  }
  return a.length - b.length
}
