import { parseArgs } from "node:util"

/** What may be said of each benchmark. */
export const TAKES = {
  "start-up": [],
  diracx: ["workload", "database", "across-vos", "jobs", "clients", "rounds", "seconds"],
  quick: ["workload", "jobs", "clients", "rounds", "seconds"],
  growth: ["jobs", "clients", "rounds", "seconds"],
  sustained: ["only", "jobs", "rate", "minutes", "seconds"],
} as const

export type Benchmark = keyof typeof TAKES

const ALL = Object.keys(TAKES) as readonly Benchmark[]

/** What is asked of `npm run bench`. */
export interface Asked {
  readonly names: readonly Benchmark[]
  readonly json: boolean
  readonly help: boolean
  readonly workload: readonly string[]
  readonly only: readonly string[]
  readonly database: string | undefined
  readonly acrossVos: boolean
  readonly jobs: number | undefined
  readonly clients: number | undefined
  readonly rounds: number | undefined
  readonly seconds: number | undefined
  readonly minutes: number | undefined
  readonly rate: number | undefined
}

/** What is asked for makes no sense, as the message says. */
export class UsageError extends Error {}

/** @throws UsageError or TypeError that says what is not understood, or would change nothing */
export function readOptions(args: readonly string[]): Asked {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      json: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
      "across-vos": { type: "boolean" },
      workload: { type: "string", multiple: true },
      only: { type: "string", multiple: true },
      database: { type: "string" },
      jobs: { type: "string" },
      clients: { type: "string" },
      rounds: { type: "string" },
      seconds: { type: "string" },
      minutes: { type: "string" },
      rate: { type: "string" },
    },
  })
  const {
    json,
    help,
    workload = [],
    only = [],
    database,
    "across-vos": acrossVos = false,
    ...figures
  } = values
  const number = (name: keyof typeof figures, isRight: (value: number) => boolean) => {
    const text = figures[name]
    if (text === undefined) return undefined
    if (isRight(Number(text))) return Number(text)
    throw new UsageError(`--${name} cannot be ${text}`)
  }
  return {
    names: namesOf(positionals, Object.keys(values)),
    json,
    help,
    workload,
    only,
    database,
    acrossVos,
    jobs: number("jobs", (value) => isCount(value) && value >= FEWEST_JOBS),
    clients: number("clients", isCount),
    rounds: number("rounds", isCount),
    seconds: number("seconds", isPositive),
    minutes: number("minutes", isPositive),
    rate: number("rate", isPositive),
  }
}

/** Of so many there is a page 50. */
const FEWEST_JOBS = 5000

const isPositive = (value: number): boolean => value > 0 && value < Infinity
const isCount = (value: number): boolean => Number.isSafeInteger(value) && value > 0

/** The benchmarks of these names, or all, of which each option must say something. */
function namesOf(named: readonly string[], options: readonly string[]): readonly Benchmark[] {
  const unknown = named.filter((name) => !Object.hasOwn(TAKES, name))
  if (unknown.length > 0)
    throw new UsageError(`There is no benchmark ${unknown.join(", ")}, but: ${ALL.join(", ")}`)
  const names = ALL.filter((name) => named.length === 0 || named.includes(name))
  const taken = new Set<string>(["json", "help", ...names.flatMap((name) => TAKES[name])])
  const idle = options.filter((option) => !taken.has(option))
  if (idle.length > 0) throw new UsageError(`${names.join(", ")} takes no --${idle.join(", --")}`)
  return names
}
