import { unlessHeld } from "@spinor/db/sql/lease"
import type { Figures, Task, TaskDeps } from "./task.ts"

/** Does a task, unless another process is at it: undefined then. */
export async function runTask(
  { name, leasedIn, run }: Task,
  deps: TaskDeps,
): Promise<Figures | undefined> {
  if (leasedIn === undefined) return await run(deps)
  return await unlessHeld(await deps.engineOf(leasedIn), `spinor_${name}`, () => run(deps))
}
