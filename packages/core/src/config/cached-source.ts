import { isWithin } from "../elapsed.ts"
import { UnavailableError } from "../errors.ts"
import { epochMilliseconds } from "../instant.ts"
import { ConfigError } from "./error.ts"
import { revisionOf, type Newest, type Revision, type Snapshot } from "./revision.ts"
import type { ConfigSource, ConfigSourceOptions } from "./config-source.ts"

/** For so long the last look at the source is believed. */
const FRESH_MILLISECONDS = 2000
/** For so long the last revision is served while a look is under way; afterwards the look is awaited, */
const USABLE_MILLISECONDS = 4500
/** but not beyond this age of the look, */
const PATIENCE_MILLISECONDS = 1000
/** and at this age it has no future: the container was frozen meanwhile. */
const INTERRUPTED_MILLISECONDS = 15_000

/** A look at the source that is under way. */
interface Look {
  readonly startedAt: number
  /** Never fails. */
  readonly done: Promise<void>
  readonly patience: Promise<void>
}

/** What a look found: a sound revision, one that is broken, or nothing that could be read. */
type Finding =
  | { readonly sound: Revision }
  | { readonly broken: string; readonly error?: Error }
  | { readonly away: true; readonly error: Error }

/** Serves the newest sound revision from memory, looking for a newer one in the background. */
export function cachedSource(
  newest: Newest,
  { clock, onProblem, ...options }: ConfigSourceOptions,
): ConfigSource {
  let current: Revision | undefined
  let broken: string | undefined
  let away = false
  let lookedAt = Number.NEGATIVE_INFINITY
  let look: Look | undefined
  let told: string | undefined

  async function find(): Promise<Finding> {
    let snapshot: Snapshot | undefined
    try {
      snapshot = await newest()
      if (snapshot.hexsha === broken) return { broken }
      if (snapshot.hexsha === current?.hexsha) return { sound: current }
      return { sound: await revisionOf(snapshot, options) }
    } catch (cause) {
      const error = cause instanceof Error ? cause : new Error("Not an error", { cause })
      return snapshot && error instanceof ConfigError
        ? { broken: snapshot.hexsha, error }
        : { away: true, error }
    }
  }

  function conclude(finding: Finding): void {
    away = "away" in finding
    if ("broken" in finding) broken = finding.broken
    if ("sound" in finding) {
      current = finding.sound
      broken = told = undefined
    } else if (finding.error && finding.error.message !== told) {
      told = finding.error.message
      onProblem(finding.error)
    }
  }

  function begin(startedAt: number): Look {
    const patience = new Promise<void>((resolve) => {
      setTimeout(resolve, PATIENCE_MILLISECONDS).unref()
    })
    const mine: Look = { startedAt, patience, done: finish() }
    async function finish(): Promise<void> {
      const finding = await find()
      // Another look has taken the place of one that was interrupted.
      if (look !== mine) return
      look = undefined
      lookedAt = startedAt
      conclude(finding)
    }
    return mine
  }

  return {
    async latest() {
      const now = epochMilliseconds(clock())
      if (current && isWithin(FRESH_MILLISECONDS, lookedAt, now)) return current
      if (!look || !isWithin(INTERRUPTED_MILLISECONDS, look.startedAt, now)) look = begin(now)
      if (!current) await look.done
      // A source that was away a moment ago is not waited for.
      else if (!isWithin(USABLE_MILLISECONDS, lookedAt, now) && !away)
        await Promise.race([look.done, look.patience])
      if (!current) throw new UnavailableError("Configuration is not available")
      return current
    },

    problem() {
      if (!current) return undefined
      const served = `revision ${short(current.hexsha)} is served`
      if (away) return `The source of the configuration cannot be read: ${served}`
      return broken && `Revision ${short(broken)} of the configuration is broken: ${served}`
    },
  }
}

const short = (hexsha: string) => hexsha.slice(0, 8)
