import { DeadlineError, UnavailableError } from "@spinor/core/errors"
import type { SqlDatabaseClass } from "./database.ts"
import type { Queries } from "./queries.ts"
import type { Engine } from "./engine.ts"
import { repeating } from "./units/repeating.ts"
import { TableCache } from "./units/table-cache.ts"
import type { SqlTelemetry } from "./telemetry/telemetry.ts"
import { inTransactions, readingAll } from "./units/transactions.ts"
import { until } from "@spinor/core/until"
import { UntilCommit } from "./units/until-commit.ts"

type Wanted = Record<string, SqlDatabaseClass<unknown>>
type Bound<W extends Wanted> = {
  [Name in keyof W]: W[Name] extends SqlDatabaseClass<infer Database> ? Database : never
}
type Effect = () => Promise<void>

/** Runs units of work on the logical databases that they name. */
export interface SqlDatabases {
  /**
   * One snapshot is not needed: no transaction is opened.
   * @param asked all that the result depends on, the operation's name first: whoever asks the same may be
   * given the same result, which nobody changes therefore
   */
  read<W extends Wanted, Result>(
    wanted: W,
    work: (databases: Bound<W>) => Promise<Result>,
    asked?: readonly unknown[],
  ): Promise<Result>
  /**
   * One transaction a server: databases that share a URL commit together, JobDB's last. Effects run
   * after all commits. The work runs again after a deadlock, so it has no effects but these.
   */
  write<W extends Wanted, Result>(
    wanted: W,
    work: (databases: Bound<W>, afterCommit: (effect: Effect) => void) => Promise<Result>,
  ): Promise<Result>
  /**
   * The same databases until a signal. From then on units of work fail with a DeadlineError: none begins,
   * waits or is repeated, and one under way is broken off and rolled back, unless it commits already.
   */
  until(signal: AbortSignal): SqlDatabases
}

/** Gives the engine of a logical database, opening it at first use. */
export type EngineOf = (databaseName: string) => Promise<Engine>

/** JobDB's transaction is entered first, so that it commits last. */
const ENTRY_ORDER = ["JobDB", "TaskQueueDB", "PilotAgentsDB", "AuthDB"]

export function createSqlDatabases(
  engineOf: EngineOf,
  telemetry: SqlTelemetry | undefined,
): SqlDatabases {
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

  const databasesUntil = (signal: AbortSignal | undefined): SqlDatabases => ({
    async read(wanted, work) {
      const engineByName = await until(signal, () => enginesOf(wanted))
      const engines = distinct(engineByName)
      const bound = (open: ReadonlyMap<Engine, Queries>) =>
        bind(wanted, engineByName, (engine) => known(open.get(engine)))
      const run = () => readingAll(engines, new Map(), (open) => work(bound(open)), signal)
      return await repeating(run, {
        engines,
        databaseName: firstName(wanted),
        telemetry,
        mayRepeat: () => true,
        signal,
      })
    },

    async write(wanted, work) {
      const engineByName = await until(signal, () => enginesOf(wanted))
      const engines = distinct(engineByName)
      const unit = new UntilCommit(signal)
      let effects: Effect[] = []
      const bound = (open: ReadonlyMap<Engine, Queries>) =>
        bind(wanted, engineByName, (engine) => known(open.get(engine)))
      const run = async () => {
        effects = []
        unit.begin()
        const adding = (effect: Effect) => void effects.push(effect)
        return await inTransactions(engines, new Map(), (open) => work(bound(open), adding), unit)
      }
      try {
        const result = await repeating(run, {
          engines,
          databaseName: firstName(wanted),
          telemetry,
          mayRepeat: () => !unit.mayHaveCommitted,
          signal: unit.signal,
        })
        for (const effect of effects) await carryOut(effect, signal)
        return result
      } finally {
        unit.end()
      }
    },

    until: (other) => databasesUntil(signal ? AbortSignal.any([signal, other]) : other),
  })
  return databasesUntil(undefined)
}

/** It is committed: an effect that takes too long keeps no answer waiting. */
async function carryOut(effect: Effect, signal: AbortSignal | undefined): Promise<void> {
  try {
    await until(signal, effect)
  } catch (error) {
    if (!(error instanceof DeadlineError)) throw error
  }
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
