import { execFileSync } from "node:child_process"

/** Who runs the servers, in the form of spawn's options: nobody when we are root, which PostgreSQL refuses. */
export function unprivileged(): { uid: number; gid: number } | Record<string, never> {
  if (process.getuid?.() !== 0) return {}
  const id = (flag: string) => Number(execFileSync("id", [flag, "nobody"], { encoding: "utf8" }))
  return { uid: id("-u"), gid: id("-g") }
}
