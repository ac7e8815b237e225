/** `npm run bench -- [NAME…] [--json] [OPTIONS]`: the benchmarks of these names, or all; exits with 1 when a requirement does not hold. */
import { JOBS } from "./diracx/rows.ts"
import { readOptions, type Asked, type Benchmark } from "./options.ts"
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
  sustained: async ({ jobs = JOBS, minutes = 10, seconds = 20, only, rate }) => {
    const { sustained } = await import("./sustained/sustained.ts")
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

function asked(): Asked {
  try {
    return readOptions(process.argv.slice(2))
  } catch (error) {
    tell(error instanceof Error ? error.message : String(error))
    process.exit(2)
  }
}

const options = asked()
const reports: Record<string, Report> = {}
for (const name of options.names) {
  const report = await benchmarks[name](options)
  reports[name] = report
  if (!options.json) console.log(asText(report))
  if (!report.holds) process.exitCode = 1
}
if (options.json) console.log(JSON.stringify(reports, undefined, 2))
