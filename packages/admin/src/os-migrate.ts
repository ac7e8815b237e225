import type { TemplateChange } from "@spinor/db/os/put-template"
import { aligned } from "./columns.ts"
import { jsonText } from "./json.ts"
import { connectStores, type DocumentsOption } from "./os-connection.ts"
import { attempt, mustHaveSucceeded, type Row } from "./os-failures.ts"
import type { Terminal } from "./terminal.ts"

interface Migrated extends Row {
  /** Null where there is none. */
  readonly template: TemplateChange | null
}

/**
 * Puts the index templates where they are missing or other ones.
 * @throws OperatorError when a cluster does not take one; the others have got theirs
 */
export async function migrateTemplates(
  { json = false, ...option }: DocumentsOption,
  terminal: Terminal,
): Promise<void> {
  const { stores, close } = await connectStores(option, terminal)
  const rows: Migrated[] = []
  try {
    for (const store of stores) {
      const { name: database, upkeep } = store
      const { place } = upkeep
      const { result: template = null, error } = await attempt(() => upkeep.migrate())
      rows.push({ database, place, template, error })
    }
  } finally {
    await close()
  }
  terminal.stdout.write(json ? jsonText(rows) : report(rows))
  mustHaveSucceeded(rows)
}

function report(rows: readonly Migrated[]): string {
  const lines = rows.map(({ database, place, template, error }) => {
    const done = template === null ? "nothing to do" : `template ${template}`
    return [database, place, error === null ? done : "failed"]
  })
  return `${aligned(lines).join("\n")}\n`
}
