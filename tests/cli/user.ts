import { place, run, type Outcome } from "./cli.ts"
import { keep, type Tokens } from "./credentials.ts"

/** A folder with a user's login, from which jobs of one group are submitted. */
export async function userAt(url: string, tokens: Tokens) {
  const where = await place({ SPINOR_URL: url })
  await keep(where, tokens)
  const group = where.cwd.slice(-6)
  const mine = ["--condition", `JobGroup eq ${group}`]
  const jdl = (name: string) =>
    `Executable = "/bin/echo"; JobName = "${name}"; JobGroup = "${group}";`
  const spinor = (...args: string[]) => run(where, args)
  const pipe = (stdin: string, ...args: string[]) => run(where, args, { stdin })
  return {
    ...where,
    group,
    mine,
    jdl,
    spinor,
    pipe,
    /** Submits that many jobs, and tells their ids. */
    submit: async (count: number): Promise<number[]> => {
      const parameters = count === 1 ? "" : `Parameters = ${count};`
      const { out } = await pipe(`${jdl("job")}${parameters}`, "submit", "--json")
      return JSON.parse(out).map(({ JobID }: { JobID: number }) => JobID)
    },
  }
}

export const idOf = ({ out }: Outcome): string => /^Submitted job (\d+)\n$/.exec(out)?.[1] ?? "none"
