/** `npm run bench -- [NAME…] [--json] [OPTIONS]`: the benchmarks of these names, or all; exits with 1 when a requirement does not hold. */
import { parseArgs } from "node:util"
import { asText, type Report } from "./report.ts"

const benchmarks: Record<string, () => Promise<Report>> = {
  "start-up": async () => (await import("./start-up.ts")).startUp(),
  diracx: async () =>
    (await import("./diracx/diracx.ts")).besideDiracx(
      options({ rounds: 3, seconds: 3 }),
      values.workload,
      values.database,
    ),
  quick: async () =>
    (await import("./diracx/quick.ts")).besideParent(
      options({ rounds: 5, seconds: 0.7 }),
      values.workload,
    ),
  growth: async () =>
    (await import("./growth/growth.ts")).growth({
      ...options({ rounds: 3, seconds: 3 }),
      jobs: Number(values.jobs ?? 1_000_000),
    }),
  sustained: async () =>
    (await import("./sustained/sustained.ts")).sustained({
      jobs: Number(values.jobs ?? JOBS),
      only: values.only,
      rate: values.rate === undefined ? undefined : Number(values.rate),
      minutes: Number(values.minutes),
      seconds: Number(values.seconds ?? 20),
      tell,
    }),
}

/** That are stored at first, unless it is said otherwise. */
const JOBS = 10_000

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: "boolean", default: false },
    workload: { type: "string", multiple: true, default: [] },
    database: { type: "string", default: "mariadb" },
    jobs: { type: "string" },
    clients: { type: "string", default: "16" },
    rounds: { type: "string" },
    seconds: { type: "string" },
    only: { type: "string", multiple: true, default: [] },
    rate: { type: "string" },
    minutes: { type: "string", default: "10" },
  },
})
function tell(line: string): void {
  console.error(line)
}
const options = ({ rounds, seconds }: { rounds: number; seconds: number }) => ({
  jobs: Number(values.jobs ?? JOBS),
  clients: Number(values.clients),
  rounds: Number(values.rounds ?? rounds),
  seconds: Number(values.seconds ?? seconds),
  tell,
})
const unknown = positionals.filter((name) => !Object.hasOwn(benchmarks, name))
if (unknown.length > 0) {
  console.error(
    `There is no benchmark ${unknown.join(", ")}: ${Object.keys(benchmarks).join(", ")}`,
  )
  process.exit(2)
}
const reports: Record<string, Report> = {}
for (const [name, run] of Object.entries(benchmarks)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue
  const report = await run()
  reports[name] = report
  if (!values.json) console.log(asText(report))
  if (!report.holds) process.exitCode = 1
}
if (values.json) console.log(JSON.stringify(reports, undefined, 2))
