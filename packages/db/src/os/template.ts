import type { DocumentDatabase } from "../documents/database.ts"
import { WORDS_ANALYSIS } from "../documents/words.ts"
import type { IndexNames } from "./index-name.ts"

/** An index template as OpenSearch stores it, under the name of the indices' prefix. */
export interface IndexTemplate {
  readonly index_patterns: readonly string[]
  readonly template: {
    readonly settings?: object
    readonly mappings: {
      readonly dynamic: false
      readonly properties: Readonly<Record<string, { type: string; analyzer?: string }>>
    }
  }
}

/**
 * DiracX's template, but that OpenSearch makes up no fields: the first value of a parameter would decide
 * what all later ones may be, and a thousand names would fill the index.
 */
export function indexTemplate(database: DocumentDatabase, { prefix }: IndexNames): IndexTemplate {
  const hasText = database.textField !== undefined
  const properties = Object.entries(database.fields).map(([name, type]) => [
    name,
    name === database.textField ? { type, analyzer: "spinor_words" } : { type },
  ])
  return {
    index_patterns: [`${prefix}*`],
    template: {
      ...(hasText && { settings: { analysis: WORDS_ANALYSIS } }),
      mappings: { dynamic: false, properties: Object.fromEntries(properties) },
    },
  }
}
