import { UsageError } from "../options.ts"
import { makeWorld, type World } from "../diracx/world.ts"
import { readable } from "../load/statistics.ts"
import type { Report } from "../report.ts"
import { deploy, PLANS, type Deployment, type Name } from "./deployments.ts"
import { highestRate } from "./highest.ts"
import { saveResults, tableOf, type Sustained } from "./results.ts"
import { run, type Load, type Run } from "./run.ts"
import type { Sample } from "./watch.ts"

/** Of the long run, if nobody says otherwise. */
export const USUAL_MINUTES = 10

export interface Options {
  /** How many jobs are stored besides those that run. */
  readonly jobs: number
  /** Which deployments; all when there are none. */
  readonly only: readonly string[]
  /** The one rate to try; undefined for the highest that holds. */
  readonly rate: number | undefined
  /** Of the long run. */
  readonly minutes: number
  /** Of each step on the way to it. */
  readonly seconds: number
  readonly tell: (line: string) => void
}

/** The highest rate of LHCb's mix of writes that each deployment holds. */
export async function sustained(options: Options): Promise<Report> {
  const all = Object.keys(PLANS) as Name[]
  const unknown = options.only.filter((name) => !Object.hasOwn(PLANS, name))
  if (unknown.length > 0)
    throw new UsageError(`There is no ${unknown.join(", ")}, but: ${all.join(", ")}`)
  const names = all.filter((name) => options.only.length === 0 || options.only.includes(name))
  const found: Sustained[] = []
  for (const name of names) found.push(await sustainAlone(name, options))
  return tableOf(found)
}

/** With a MariaDB of its own, which has nothing left to write for others. */
async function sustainAlone(name: Name, options: Options): Promise<Sustained> {
  const world = await makeWorld()
  try {
    const found = await sustain(world, name, options)
    if (isWhole(options)) await saveResults(found)
    return found
  } finally {
    await world.remove()
  }
}

/** Of a shorter run, or one at a rate that somebody chose, nothing is kept. */
const isWhole = ({ rate, minutes }: Options): boolean =>
  rate === undefined && minutes >= USUAL_MINUTES

/** What a server has not compiled yet cannot be fast. */
const WARM_UP = { part: 3 / 4, seconds: 40 }

/** How often the long run may fail, and by what it is tried at less then. */
const LONG_RUNS = 7
const LESS = 0.9

async function sustain(world: World, name: Name, options: Options): Promise<Sustained> {
  const { minutes, seconds, tell } = options
  const { title, guess, processes } = PLANS[name]
  const { facts } = world.mariadb
  tell(facts)
  tell(`${title}: starts, and stores its rows`)
  const deployment = await deploy(world, name, options.jobs)
  try {
    const at = runsOf(world, deployment, { title, options })
    const warmUp = (rate: number) =>
      at(readable(rate * WARM_UP.part), WARM_UP.seconds, { isWarmUp: true })
    await warmUp(guess)
    const tried: Run[] = []
    const isHeld = async (rate: number, length: number, isLong = false) => {
      const liveBefore = isLong ? await deployment.liveMegabytes() : undefined
      // A collection that is forced drops what was compiled, too.
      if (isLong) await warmUp(rate)
      const found = await at(rate, length, { isLong, liveBefore })
      tried.push(found)
      return found.fault === undefined
    }
    // A second time, as a moment's disturbance is not too high a rate.
    const holds = async (rate: number) =>
      (await isHeld(rate, seconds)) || (await isHeld(rate, seconds))
    let rate = options.rate ?? (await highestRate(holds, guess)).holds
    for (let left = options.rate === undefined ? LONG_RUNS : 1; left > 0 && rate > 0; left--) {
      if (await isHeld(rate, minutes * 60, true)) break
      rate = Math.floor(rate * LESS)
    }
    const long = tried.at(-1)
    if (long === undefined) throw new Error(`${title} holds no rate`)
    return { name, title, processes, facts, long, tried }
  } finally {
    await deployment.remove()
  }
}

type Kind = Pick<Load, "isWarmUp" | "isLong" | "liveBefore">

/** Runs whose writes have numbers of their own, one after the other. */
function runsOf(
  world: World,
  deployment: Deployment,
  { title, options: { jobs, tell } }: { title: string; options: Options },
) {
  let first = 0
  const load = { deployment, mariadb: world.mariadb.pid, token: world.tokens.user, jobs }
  return async (rate: number, seconds: number, kind: Kind = {}): Promise<Run> => {
    const minutely = eachMinute((line) => tell(`${title}, ${rate}/s: ${line}`))
    const found = await run({ ...load, first, rate, seconds, ...kind, tell: minutely })
    first += Math.round(rate * seconds)
    const outcome = found.fault ?? `p99 ${found.p99.toFixed(1)} ms`
    tell(`${title}, ${rate}/s for ${found.seconds.toFixed(0)} s: ${outcome}`)
    return found
  }
}

/** Tells what is used, once a minute. */
function eachMinute(tell: (line: string) => void): Load["tell"] {
  let minutes = 0
  return (sample: Sample, first: Sample) => {
    if (sample.seconds < (minutes + 1) * 60) return
    minutes++
    const used = (of: "server" | "mariadb") =>
      ((sample[of] - first[of]) / sample.seconds).toFixed(2)
    const memory = `${sample.megabytes.toFixed(0)} MB`
    tell(
      `${minutes} min, ${memory}, processors: server ${used("server")}, MariaDB ${used("mariadb")}`,
    )
  }
}
