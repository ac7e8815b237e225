import { randomUUID } from "node:crypto"
import { setTimeout as sleep } from "node:timers/promises"
import { sql } from "drizzle-orm"
import { UnavailableError } from "@spinor/core/errors"
import type { Engine } from "./engine.ts"
import { backOff } from "./units/retry.ts"

const DEAD_AFTER_MS = 15_000
/** Waiting longer for another starter means that it hangs. */
const PATIENCE_MS = 300_000

export interface LeaseOptions {
  /** A holder not heard of for so many milliseconds is taken for dead, by whoever has watched it. */
  readonly deadAfter?: number
}

interface Wanted extends LeaseOptions {
  readonly name: string
  /** For so many milliseconds a holder who lives is waited for. */
  readonly patience: number
}

interface Lease {
  readonly holder: string
  readonly beat: number
}

/**
 * Runs the work while no other process of Spinor does so with the same name. The lease is a row and
 * not a lock of a session, which would be lost, or stay, in a pool or behind HTTP; and it is watched,
 * so that clocks need not agree.
 * @throws UnavailableError when another holder lives on for five minutes
 */
export async function exclusively<Result>(
  engine: Engine,
  name: string,
  work: () => Promise<Result>,
  options: LeaseOptions = {},
): Promise<Result> {
  const done = await leased(engine, { name, patience: PATIENCE_MS, ...options }, work)
  if (done === undefined) throw new UnavailableError(`another process holds ${name} and goes on`)
  return done.result
}

/**
 * Does the same for work that is not worth waiting for: undefined when another process is seen to be at
 * it, which takes a moment.
 */
export async function unlessHeld<Result>(
  engine: Engine,
  name: string,
  work: () => Promise<Result>,
  options: LeaseOptions = {},
): Promise<Result | undefined> {
  return (await leased(engine, { name, patience: 0, ...options }, work))?.result
}

async function leased<Result>(
  engine: Engine,
  { deadAfter = DEAD_AFTER_MS, ...wanted }: Wanted,
  work: () => Promise<Result>,
): Promise<{ result: Result } | undefined> {
  // A transaction holds the file, and tables are made in one.
  if (engine.dialect.name === "sqlite") return { result: await work() }
  const run = (statement: ReturnType<typeof sql>) => engine.read((db) => db.run(statement))
  const holder = randomUUID()
  const makeTable = () =>
    run(
      sql`create table if not exists spinor_leases (
        Name varchar(64) not null primary key, Holder varchar(36) not null, Beat int not null)`,
    )
  // Of two who do so at once, PostgreSQL tells one that it exists, in one of its words for that.
  const collided = (error: unknown) =>
    ["duplicate", "present"].includes(engine.dialect.fault(error) ?? "")
  await backOff(makeTable, { when: collided, attempts: 5 })
  const { name } = wanted
  if (!(await acquire(engine, { ...wanted, me: holder, deadAfter }))) return undefined
  const beat = setInterval(() => {
    const beating = sql`update spinor_leases set Beat = Beat + 1 where Name = ${name} and Holder = ${holder}`
    // A beat that is missed is made up for by the next one.
    run(beating).catch(() => undefined)
  }, deadAfter / 5)
  try {
    return { result: await work() }
  } finally {
    clearInterval(beat)
    await run(sql`delete from spinor_leases where Name = ${name} and Holder = ${holder}`)
  }
}

/** False when others have held it for longer than there is patience with those who live. */
async function acquire(
  engine: Engine,
  { name, me, deadAfter, patience }: Required<Wanted> & { me: string },
): Promise<boolean> {
  const until = performance.now() + patience
  let watched: { lease: Lease; since: number } | undefined
  for (;;) {
    const lease = await held(engine, name, me)
    if (lease.holder === me) return true
    if (watched?.lease.holder !== lease.holder || watched.lease.beat !== lease.beat) {
      // Whoever beats lives.
      if (watched !== undefined && performance.now() >= until) return false
      watched = { lease, since: performance.now() }
    } else if (performance.now() - watched.since > deadAfter) {
      await engine.read((db) =>
        db.run(
          sql`update spinor_leases set Holder = ${me}, Beat = 0 where Name = ${name} and Holder = ${lease.holder} and Beat = ${lease.beat}`,
        ),
      )
      continue
    }
    await sleep(deadAfter / 50)
  }
}

/** Takes the lease when it is free; tells who has it then. */
async function held(engine: Engine, name: string, me: string): Promise<Lease> {
  const free = sql`not exists (select 1 from spinor_leases where Name = ${name})`
  try {
    await engine.read((db) =>
      db.run(
        sql`insert into spinor_leases (Name, Holder, Beat) select ${name}, ${me}, 0 from (select 1 as one) as o where ${free}`,
      ),
    )
  } catch (error) {
    // Somebody else was faster.
    const fault = engine.dialect.fault(error)
    if (fault !== "duplicate" && fault !== "contention") throw error
  }
  const [row] = await engine.read((db) =>
    db.run(sql`select Holder as holder, Beat as beat from spinor_leases where Name = ${name}`),
  )
  return { holder: String(row?.["holder"]), beat: Number(row?.["beat"]) }
}
