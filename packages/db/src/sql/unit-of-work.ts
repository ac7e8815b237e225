import { InvalidRequestError, UnavailableError } from "@spinor/core/errors"
import type { Queries, SqlDatabaseClass } from "./database.ts"
import type { Fault } from "./dialects/dialect.ts"
import type { Engine } from "./engine.ts"
import { backOff } from "./retry.ts"

type Wanted = Record<string, SqlDatabaseClass<unknown>>
type Bound<W extends Wanted> = {
  [Name in keyof W]: W[Name] extends SqlDatabaseClass<infer Database> ? Database : never
}
type Effect = () => Promise<void>

/** Runs units of work on the logical databases that they name. */
export interface SqlDatabases {
  /** One snapshot is not needed: no transaction is opened. */
  read<W extends Wanted, Result>(
    wanted: W,
    work: (databases: Bound<W>) => Promise<Result>,
  ): Promise<Result>
  /**
   * One transaction a server: databases that share a URL commit together, JobDB's last. Effects run
   * after all commits. The work runs again after a deadlock, so it has no effects but these.
   */
  write<W extends Wanted, Result>(
    wanted: W,
    work: (databases: Bound<W>, afterCommit: (effect: Effect) => void) => Promise<Result>,
  ): Promise<Result>
}

/** Gives the engine of a logical database, opening it at first use. */
export type EngineOf = (databaseName: string) => Promise<Engine>

const ATTEMPTS = 6

/** JobDB's transaction is entered first, so that it commits last. */
const ENTRY_ORDER = ["JobDB", "TaskQueueDB", "PilotAgentsDB", "AuthDB"]

export function createSqlDatabases(engineOf: EngineOf): SqlDatabases {
  const tables = new TableCache()

  const opened = async (name: string): Promise<Engine> => {
    try {
      return await engineOf(name)
    } catch (error) {
      throw new UnavailableError(`Cannot connect to ${name}`, { cause: error })
    }
  }

  const enginesOf = async (wanted: Wanted): Promise<Map<string, Engine>> => {
    const names = inEntryOrder(Object.values(wanted).map((database) => database.databaseName))
    const engines = new Map<string, Engine>()
    for (const name of names) engines.set(name, await opened(name))
    return engines
  }

  const bind = <W extends Wanted>(
    wanted: W,
    engines: ReadonlyMap<string, Engine>,
    queriesOf: (engine: Engine) => Queries,
  ): Bound<W> => {
    const bound = Object.entries(wanted).map(([key, Database]) => {
      const engine = known(engines.get(Database.databaseName))
      const declared = tables.of(engine, Database)
      return [key, new Database(queriesOf(engine), declared, engine.dialect)]
    })
    // Object.fromEntries forgets which class stands under which key.
    return Object.fromEntries(bound) as Bound<W>
  }

  return {
    async read(wanted, work) {
      const engines = await enginesOf(wanted)
      const run = () =>
        readingAll(distinct(engines), new Map(), (open) =>
          work(bind(wanted, engines, (engine) => known(open.get(engine)))),
        )
      return await reaching(firstName(wanted), () => repeating(run, engines, () => true))
    },

    async write(wanted, work) {
      const engines = await enginesOf(wanted)
      let effects: Effect[] = []
      let mayHaveCommitted = false
      const run = () => {
        effects = []
        return inTransactions(
          distinct(engines),
          new Map(),
          async (open) =>
            await work(
              bind(wanted, engines, (engine) => known(open.get(engine))),
              (effect) => effects.push(effect),
            ),
          () => (mayHaveCommitted = true),
        )
      }
      const result = await reaching(firstName(wanted), () =>
        repeating(run, engines, () => !mayHaveCommitted),
      )
      for (const effect of effects) await effect()
      return result
    },
  }
}

async function readingAll<Result>(
  [engine, ...rest]: Engine[],
  open: Map<Engine, Queries>,
  work: (open: Map<Engine, Queries>) => Promise<Result>,
): Promise<Result> {
  if (engine === undefined) return await work(open)
  return await engine.read((queries) => readingAll(rest, new Map(open).set(engine, queries), work))
}

async function inTransactions<Result>(
  [engine, ...rest]: Engine[],
  open: Map<Engine, Queries>,
  work: (open: Map<Engine, Queries>) => Promise<Result>,
  committing: () => void,
): Promise<Result> {
  if (engine === undefined) return await work(open)
  return await engine.transaction(async (queries) => {
    const result = await inTransactions(rest, new Map(open).set(engine, queries), work, committing)
    committing()
    return result
  })
}

/** Runs again what a deadlock or a lost connection undid, unless a commit was under way. */
const repeating = <Result>(
  work: () => Promise<Result>,
  engines: ReadonlyMap<string, Engine>,
  mayRepeat: () => boolean,
): Promise<Result> => {
  let lost = 0
  return backOff(work, {
    attempts: ATTEMPTS,
    when: (error) => {
      const fault = faultOf(error, engines.values())
      // A number that two transactions drew at once, such as a SeqNum.
      if (fault === "duplicate") return mayRepeat()
      // Contention at the only commit has undone all.
      if (!mayRepeat()) return fault === "contention" && distinct(engines).length === 1
      // A server that restarted has left dead connections in the pool; one that is away stays away.
      return fault === "contention" || (fault === "unreachable" && lost++ < 1)
    },
  }).catch((cause: unknown) => {
    throw told(cause, faultOf(cause, engines.values()))
  })
}

/** What the caller is told of a fault of a database; its own message holds statements and values. */
function told(cause: unknown, fault: Fault | undefined): unknown {
  switch (fault) {
    case "unreachable":
    case "contention":
    case "locked":
      return new Unreachable(cause)
    case "duplicate":
      return new InvalidRequestError("The database holds such a row already", { cause })
    case "invalid":
      return new InvalidRequestError("The database cannot hold or compare a value", { cause })
    case undefined:
      return cause
  }
}

class Unreachable extends Error {
  override readonly name = "Unreachable"

  constructor(cause: unknown) {
    super("A database cannot be reached", { cause })
  }
}

/** @throws UnavailableError that names the database, when it cannot be reached */
async function reaching<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Unreachable) {
      throw new UnavailableError(`Cannot connect to ${name}`, { cause: error.cause })
    }
    throw error
  }
}

function faultOf(error: unknown, engines: Iterable<Engine>): Fault | undefined {
  for (const engine of engines) {
    const fault = engine.dialect.fault(error)
    if (fault !== undefined) return fault
  }
  return undefined
}

const distinct = (engines: ReadonlyMap<string, Engine>): Engine[] => [...new Set(engines.values())]

const firstName = (wanted: Wanted): string => Object.values(wanted)[0]?.databaseName ?? ""

function inEntryOrder(names: string[]): string[] {
  const place = (name: string) => {
    const index = ENTRY_ORDER.indexOf(name)
    return index === -1 ? ENTRY_ORDER.length : index
  }
  return [...new Set(names)].sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1))
}

function known<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error("A database is used outside of its unit of work")
  return value
}

/** The tables of a database are declared once an engine, in its dialect. */
class TableCache {
  readonly #tables = new WeakMap<Engine, Map<SqlDatabaseClass<unknown>, unknown>>()

  of(engine: Engine, Database: SqlDatabaseClass<unknown>): never {
    const declared = this.#tables.get(engine) ?? new Map<SqlDatabaseClass<unknown>, unknown>()
    if (!declared.has(Database))
      declared.set(Database, Database.declareTables(engine.dialect.columns))
    this.#tables.set(engine, declared)
    return declared.get(Database) as never
  }
}
