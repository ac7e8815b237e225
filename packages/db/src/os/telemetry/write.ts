import { causes } from "@spinor/core/causes"
import type { OsConnection } from "../connection.ts"
import { OsResponseError } from "../errors.ts"
import type { Ss4oDocument } from "./documents.ts"
import { ss4oTemplates } from "./templates.ts"

/** A document by an id of its own, so that it is there once however often it is sent. */
export interface Identified {
  readonly id: string
  readonly document: Ss4oDocument
}

const CONFLICT = 409
const FORBIDDEN = 403

/** Makes the templates that are absent; whoever may not see to it finds them made by an operator. */
export async function makeTemplates(connection: OsConnection): Promise<void> {
  try {
    await connection.call(async (client) => {
      for (const { name, body } of ss4oTemplates()) {
        const { body: isThere } = await client.indices.existsIndexTemplate({ name })
        if (!isThere) await client.indices.putIndexTemplate({ name, body })
      }
    })
  } catch (error) {
    if (!isForbidden(error)) throw error
  }
}

const isForbidden = (error: unknown): boolean =>
  [...causes(error)].some((each) => each instanceof OsResponseError && each.status === FORBIDDEN)

/** @throws Error that names the first refusal, when some were refused */
export async function writeDocuments(
  connection: OsConnection,
  stream: string,
  documents: readonly Identified[],
): Promise<void> {
  const { body } = await connection.call((client) =>
    client.bulk({
      index: stream,
      body: documents.flatMap(({ id, document }) => [{ create: { _id: id } }, document]),
      filter_path: ["errors", "items.*.status", "items.*.error.type"],
    }),
  )
  if (!body.errors) return
  const refused = body.items
    .flatMap((item) => Object.values(item))
    .filter(({ status, error }) => error && status !== CONFLICT)
  if (refused.length === 0) return
  const type = refused[0]?.error?.type ?? ""
  throw new Error(`OpenSearch refuses ${refused.length} of ${documents.length} documents: ${type}`)
}
