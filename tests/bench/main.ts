/** `npm run bench -- [NAME…] [--json] [OPTIONS]`: the benchmarks of these names, or all; exits with 1 when a requirement does not hold. */
import { JOBS } from "./diracx/rows.ts"
import { HELP } from "./help.ts"
import { readOptions, UsageError, type Asked, type Benchmark } from "./options.ts"
import { asText, type Report } from "./report.ts"

const benchmarks: Record<Benchmark, (asked: Asked) => Promise<Report>> = {
  "start-up": async () => (await import("./start-up.ts")).startUp(),
  diracx: async (asked) => {
    const { besideDiracx } = await import("./diracx/diracx.ts")
    return await besideDiracx(effortOf(asked, { rounds: 3, seconds: 3 }), asked)
  },
  quick: async (asked) => {
    const { besideParent } = await import("./diracx/quick.ts")
    return await besideParent(effortOf(asked, { rounds: 5, seconds: 0.7 }), asked.workload)
  },
  growth: async (asked) => {
    const { growth } = await import("./growth/growth.ts")
    const { jobs = 1_000_000 } = asked
    return await growth({ ...effortOf(asked, { rounds: 3, seconds: 3 }), jobs })
  },
  sustained: async ({ jobs = JOBS, seconds = 20, only, rate, ...asked }) => {
    const { sustained, USUAL_MINUTES } = await import("./sustained/sustained.ts")
    const { minutes = USUAL_MINUTES } = asked
    return await sustained({ jobs, minutes, seconds, only, rate, tell })
  },
}

const effortOf = (
  { jobs = JOBS, clients = 16, rounds, seconds }: Asked,
  usual: { rounds: number; seconds: number },
) => ({
  jobs,
  clients,
  rounds: rounds ?? usual.rounds,
  seconds: seconds ?? usual.seconds,
  tell,
})

function tell(line: string): void {
  console.error(line)
}

/** Ends the process where it was asked for what there is not. */
async function understood<Result>(work: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    const isAsked = error instanceof UsageError || codeOf(error)?.startsWith("ERR_PARSE_ARGS")
    if (!isAsked) throw error
    tell((error as Error).message)
    process.exit(2)
  }
}

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && "code" in error ? String(error.code) : undefined

const options = await understood(() => readOptions(process.argv.slice(2)))
if (options.help) {
  process.stdout.write(HELP)
  process.exit(0)
}
const reports: Record<string, Report> = {}
for (const name of options.names) {
  const report = await understood(() => benchmarks[name](options))
  reports[name] = report
  if (!options.json) console.log(asText(report))
  if (!report.holds) process.exitCode = 1
}
if (options.json) console.log(JSON.stringify(reports, undefined, 2))
