import { isDeepStrictEqual } from "node:util"
import type { OsConnection } from "./connection.ts"
import { OsResponseError } from "./errors.ts"
import type { IndexTemplate } from "./template.ts"

export type TemplateChange = "created" | "replaced" | "unchanged"

/** What OpenSearch holds of a template; an administrator may have added settings, such as replicas. */
interface StoredTemplate {
  readonly version?: number
  readonly index_patterns?: string | readonly string[]
  readonly template?: {
    readonly settings?: Readonly<Record<string, unknown>>
    readonly mappings?: { readonly dynamic?: unknown; readonly properties?: object }
  }
}

/** The template that is stored under a name. */
export async function storedTemplate(
  connection: OsConnection,
  name: string,
): Promise<StoredTemplate | undefined> {
  try {
    const { body } = await connection.call((client) => client.indices.getIndexTemplate({ name }))
    // The client's types know less of templates than the server gives.
    const found: unknown = body.index_templates.find((each) => each.name === name)?.index_template
    return found as StoredTemplate | undefined
  } catch (error) {
    if (error instanceof OsResponseError && error.status === 404) return undefined
    throw error
  }
}

/** Whether a stored template says all that ours does. */
export const isCurrent = (
  stored: StoredTemplate,
  { index_patterns, template }: IndexTemplate,
): boolean =>
  isDeepStrictEqual([stored.index_patterns].flat(), [...index_patterns]) &&
  String(stored.template?.mappings?.dynamic) === String(template.mappings.dynamic) &&
  Object.entries(template.mappings.properties).every(([name, field]) =>
    isDeepStrictEqual(Object(stored.template?.mappings?.properties)[name], field),
  )

/** Puts a template where there is none, or another one; what an administrator added to it stays. */
export async function putTemplate(
  connection: OsConnection,
  name: string,
  ours: IndexTemplate,
  { replace = true } = {},
): Promise<TemplateChange> {
  const stored = await storedTemplate(connection, name)
  if (stored && (!replace || isCurrent(stored, ours))) return "unchanged"
  const body = { ...stored, ...ours, template: { ...stored?.template, ...ours.template } }
  const settings = { ...stored?.template?.settings, ...ours.template.settings }
  if (Object.keys(settings).length > 0) body.template.settings = settings
  await connection.call((client) => client.indices.putIndexTemplate({ name, body: body as never }))
  return stored ? "replaced" : "created"
}
