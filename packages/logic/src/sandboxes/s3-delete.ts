import { hash } from "node:crypto"

/** The body of a request that removes objects, and what must be said of it (S3's DeleteObjects). */
export function deleteRequest(keys: readonly string[]): {
  body: string
  headers: Record<string, string>
} {
  const objects = keys.map((key) => `<Object><Key>${escaped(key)}</Key></Object>`).join("")
  const body = `<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Quiet>true</Quiet>${objects}</Delete>`
  return { body, headers: { "content-md5": hash("md5", body, "base64") } }
}

/** The keys that an answer says were not removed. */
export const keysNotDeleted = (answer: string): string[] =>
  Array.from(answer.matchAll(/<Error>.*?<Key>(.*?)<\/Key>.*?<\/Error>/gs), ([, key = ""]) =>
    unescaped(key),
  )

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
}

/** Characters that XML takes no other way are written by their numbers. */
const escaped = (text: string): string =>
  text.replaceAll(/[&<>"']|[^\P{Cc}]/gu, (character) => {
    return ENTITIES[character] ?? `&#${character.codePointAt(0)};`
  })

const unescaped = (text: string): string =>
  text.replaceAll(/&(?:#(\d+)|#x([0-9a-f]+)|\w+);/gi, (entity, decimal, hexadecimal) => {
    const number = decimal ? Number(decimal) : Number.parseInt(hexadecimal, 16)
    if (!Number.isNaN(number)) return String.fromCodePoint(number)
    return Object.entries(ENTITIES).find(([, each]) => each === entity)?.[0] ?? entity
  })
