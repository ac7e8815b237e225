import * as z from "zod"

const Body = z.object({ detail: z.unknown().optional(), error: z.string().optional() })
const Faults = z.array(
  z.object({ loc: z.array(z.union([z.string(), z.number()])), msg: z.string() }),
)

/** What an answer from 400 on says, in one line that tells what to do. */
export function refusal(status: number, body: unknown): string {
  const said = saidIn(body)
  switch (status) {
    case 401:
      return `${said ?? "the service does not know you"}: log in with "spinor login"`
    case 403:
      return `${said ?? "Forbidden"}: your group may not do this; "spinor whoami" tells which it is`
    case 503:
      return `${said ?? "the service is not available"}: try again in a moment`
    default:
      return said ?? `the service answered ${status}`
  }
}

function saidIn(body: unknown): string | undefined {
  const { success, data } = Body.safeParse(body)
  if (!success) return undefined
  const { detail, error } = data
  if (typeof detail === "string") return detail
  const faults = Faults.safeParse(detail)
  if (faults.success) {
    return faults.data.map(({ loc, msg }) => `${loc.slice(1).join(".")}: ${msg}`).join("; ")
  }
  return detail === undefined ? error : JSON.stringify(detail)
}
