import { sql } from "drizzle-orm"
import { isRecent, moment, type Moment } from "../moment.ts"
import type { Connection, Engine, EngineOptions, Server } from "./engine.ts"
import { Gate } from "./units/gate.ts"
import { until } from "@spinor/core/until"

/** A connection that was used a moment ago is alive. */
const IDLE_MS = 1000

/** One that is silent for longer when it is tried, or when it is to be closed, is dead. */
const PATIENCE_MS = 1000

const LONG_AGO: Moment = { elapsed: -Infinity, time: -Infinity }

interface Kept {
  readonly connection: Connection
  readonly made: Moment
  readonly used: Moment
}

/**
 * What all pools of connections have in common: so many units of work at once and no more, each with a
 * connection of its own; who waits for too long is refused; a connection that was idle is tried before it is
 * used, one that is old is replaced, and one that was broken off is not used again.
 */
export function pooled(server: Server, options: EngineOptions): Engine {
  const { dialect } = server
  const { poolSize, poolOverflow, poolTimeout, poolRecycle, prePing, telemetry } = options
  const gate = new Gate(poolSize + poolOverflow, poolTimeout)
  const idle: Kept[] = []
  let isClosed = false

  const take = async (): Promise<Kept> => {
    const kept = idle.pop()
    if (kept !== undefined) {
      const isOld = poolRecycle > 0 && !isRecent(poolRecycle, kept.made)
      if (isOld) await dismiss(kept.connection)
      else if (!prePing || isRecent(IDLE_MS, kept.used)) return kept
      else if (await answers(kept.connection)) return kept
    }
    return { connection: server.connect(), made: moment(), used: moment() }
  }

  /** A server that has ended one has often ended all. */
  const suspectAll = () => idle.push(...idle.splice(0).map((kept) => ({ ...kept, used: LONG_AGO })))

  const leave = async ({ connection, made }: Kept): Promise<void> => {
    if (!isClosed && idle.length < poolSize) idle.push({ connection, made, used: moment() })
    else await dismiss(connection)
  }

  const admitted = <Result>(
    work: (connection: Connection) => Promise<Result>,
    signal: AbortSignal | undefined,
  ): Promise<Result> => {
    const asked = performance.now()
    return gate.pass(async () => {
      telemetry?.waited(dialect.name, performance.now() - asked)
      const kept = await take()
      let isLost = false
      try {
        return await until(signal, () => work(kept.connection))
      } catch (error) {
        isLost = ["unreachable", "silent"].includes(dialect.fault(error) ?? "")
        throw error
      } finally {
        if (isLost) suspectAll()
        if (isLost || signal?.aborted) kept.connection.breakOff()
        else await leave(kept)
      }
    }, signal)
  }

  return {
    dialect,
    read: (work, signal) => admitted((connection) => connection.read(work), signal),
    transaction: (work, signal) => admitted((connection) => connection.transaction(work), signal),
    async close() {
      isClosed = true
      await Promise.all(idle.splice(0).map(({ connection }) => connection.close()))
    },
  }
}

/** Whether it is alive; otherwise it is broken off. */
async function answers(connection: Connection): Promise<boolean> {
  try {
    const ping = () => connection.read((queries) => queries.run(sql`select 1`))
    await until(AbortSignal.timeout(PATIENCE_MS), ping)
    return true
  } catch {
    connection.breakOff()
    return false
  }
}

async function dismiss(connection: Connection): Promise<void> {
  try {
    await until(AbortSignal.timeout(PATIENCE_MS), () => connection.close())
  } catch {
    connection.breakOff()
  }
}
