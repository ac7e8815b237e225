import { createCipheriv, randomBytes } from "node:crypto"
import { writeFile } from "node:fs/promises"

/**
 * Lays linked resources beside a function as SST does, encrypted, and gives the variables that say where.
 * @param resources by name, each with a type
 */
export async function linkResources(
  file: string,
  resources: Readonly<Record<string, Readonly<Record<string, string>>>>,
): Promise<{ SST_KEY_FILE: string; SST_KEY: string }> {
  const key = randomBytes(32)
  const cipher = createCipheriv("aes-256-gcm", key, Buffer.alloc(12))
  const text = cipher.update(JSON.stringify(resources))
  await writeFile(file, Buffer.concat([text, cipher.final(), cipher.getAuthTag()]))
  return { SST_KEY_FILE: file, SST_KEY: key.toString("base64") }
}
