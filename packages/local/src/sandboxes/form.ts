import type { IncomingMessage } from "node:http"
import type { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"
import { Busboy, type BusboyHeaders, type BusboyInstance } from "@fastify/busboy"

/** A body that is no form as S3 takes them: the fields, then one file. */
export class FormError extends Error {
  override readonly name = "FormError"
}

/** No field of ours is longer, nor are there more. */
const LIMITS = { fields: 10, fieldSize: 4096, files: 1, parts: 12, headerPairs: 20 }

/**
 * Reads a form and hands over its file, with the fields that stand before it, while it comes in.
 * @throws FormError; what `take` throws
 */
export async function receiveForm(
  request: IncomingMessage,
  take: (fields: Readonly<Record<string, string>>, file: Readable) => Promise<void>,
): Promise<void> {
  const form = formOf(request)
  const fields = new Map<string, string>()
  const { promise: taken, resolve, reject } = Promise.withResolvers<void>()
  let begun: Readable | undefined
  form.on("field", (name, value) => void fields.set(name, value))
  form.on("file", (_, file) => {
    begun = file
    // Without a listener an error would end the process, when nobody reads the file any more.
    file.on("error", ({ name }: Error) => {
      const isStoppedByReader = name === "AbortError"
      if (!isStoppedByReader) reject(new FormError("The form ends within its file"))
    })
    take(Object.fromEntries(fields), file).then(resolve, reject)
  })
  pipeline(request, form).then(
    () => begun ?? reject(new FormError("The form has no file")),
    // What waits for the rest of the file would wait for ever.
    (error: Error) => begun?.destroy(error) ?? reject(new FormError("The form cannot be read")),
  )
  await taken
}

function formOf({ headers }: IncomingMessage): BusboyInstance {
  try {
    return new Busboy({
      // It throws unless there is a content type.
      headers: headers as BusboyHeaders,
      limits: LIMITS,
      isPartAFile: (name) => name === "file",
    })
  } catch {
    throw new FormError("The body is not multipart/form-data")
  }
}
