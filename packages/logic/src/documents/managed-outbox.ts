import type { Backlog, Outbox, Wanted } from "@spinor/db/sql/documents/outbox"
import type { SqlDatabases } from "@spinor/db/sql/unit-of-work"
import { flushOutbox, type Flushed, type Outgoing } from "./flush.ts"

/** An outbox, for those who are in no unit of work. */
export interface ManagedOutbox {
  /** The databases of documents that it is for. */
  readonly databases: readonly string[]
  readonly backlog: () => Promise<Backlog[]>
  /** Sends a part of it. */
  readonly flush: (wanted?: Wanted) => Promise<Flushed>
}

/** With the name of the SQL database that has it. */
export const managedOutbox = <Owner extends { readonly outbox: Outbox }>(
  sql: SqlDatabases,
  outgoing: Outgoing<Owner>,
): [string, ManagedOutbox] => [
  outgoing.Owner.databaseName,
  {
    databases: outgoing.stores.map(({ declared }) => declared.name),
    backlog: () => sql.read({ owner: outgoing.Owner }, ({ owner }) => owner.outbox.backlog()),
    flush: (wanted) => flushOutbox(sql, outgoing, wanted),
  },
]
