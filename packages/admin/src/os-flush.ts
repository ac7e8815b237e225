import type { ManagedOutbox } from "@spinor/logic/documents/managed-outbox"
import { aligned } from "./columns.ts"
import { reasonOf, told } from "./db-connection.ts"
import { jsonText } from "./json.ts"
import { connectStores, type DocumentsOption, type Stores } from "./os-connection.ts"
import { mustHaveSucceeded, type Row } from "./os-failures.ts"
import { printable } from "./printable.ts"
import { progressOn } from "./progress.ts"
import type { Terminal } from "./terminal.ts"

export interface FlushOptions extends DocumentsOption {
  readonly refused?: boolean
}

interface Sent extends Row {
  readonly sent: number
  readonly refused: number
  /** Some of the reasons. */
  readonly reasons: readonly string[]
  /** Those that wait on, which the refused ones do not. */
  readonly left: number
}

const MAX_REASONS = 10

/**
 * Sends what waits for OpenSearch.
 * @throws OperatorError when something of it waits on
 */
export async function flush(
  { refused = false, json = false, ...option }: FlushOptions,
  terminal: Terminal,
): Promise<void> {
  const { stores, takeProblem, close } = await connectStores(option, terminal)
  const rows: Sent[] = []
  try {
    for (const { name, upkeep, outbox } of stores) {
      if (outbox === undefined) continue
      const waiting = { database: name, place: upkeep.place, outbox }
      const send = () => sendAll(waiting, { refused, takeProblem }, terminal)
      rows.push(await told(`outbox of ${name}`, send))
    }
  } finally {
    await close()
  }
  terminal.stdout.write(json ? jsonText(rows) : report(rows))
  mustHaveSucceeded(rows)
}

interface Waiting {
  readonly database: string
  readonly place: string
  readonly outbox: ManagedOutbox
}

async function sendAll(
  waiting: Waiting,
  { refused, takeProblem }: Pick<Stores, "takeProblem"> & { refused: boolean },
  { stderr, interrupted }: Terminal,
): Promise<Sent> {
  const { database, place, outbox } = waiting
  const before = await backlogOf(waiting)
  const total = before.waiting + (refused ? before.refused : 0)
  const bar = progressOn(stderr, `Sending to ${database}`, (count) => `${count} documents`)
  const reasons = new Set<string>()
  const done = { sent: 0, refused: 0 }
  try {
    // Those that were refused are the older ones.
    for (const wanted of refused ? [{ refused }, {}] : [{}]) {
      for (let after = 0, goesOn = true; goesOn;) {
        interrupted.throwIfAborted()
        const part = await outbox.flush({ database, after, ...wanted })
        done.sent += part.sent
        done.refused += part.refused
        for (const reason of part.reasons) reasons.add(printable(reason))
        bar.step(done.sent + done.refused, total)
        after = part.last
        goesOn = part.goesOn
      }
    }
  } finally {
    bar.end()
  }
  const { waiting: left } = await backlogOf(waiting)
  const why = reasonOf(takeProblem()) ?? "OpenSearch did not take them; try again"
  const error = left === 0 ? null : `${left} wait on: ${why}`
  return { database, place, ...done, reasons: [...reasons].slice(0, MAX_REASONS), left, error }
}

async function backlogOf({
  database,
  outbox,
}: Waiting): Promise<{ waiting: number; refused: number }> {
  const { documents = 0, refused = 0 } =
    (await outbox.backlog()).find((each) => each.database === database) ?? {}
  return { waiting: documents - refused, refused }
}

function report(rows: readonly Sent[]): string {
  // Telemetry never waits.
  if (rows.length === 0) return "Nothing waits for OpenSearch.\n"
  const lines = aligned(
    rows.map(({ database, place, sent, refused, left }) => {
      return [database, place, `${sent} sent, ${refused} refused, ${left} left`]
    }),
  )
  const told = rows.flatMap(({ reasons }, i) => [lines[i], ...reasons.map((each) => `  ${each}`)])
  return `${told.join("\n")}\n`
}
