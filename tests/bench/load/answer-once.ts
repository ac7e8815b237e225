/** What a generator was asked for, and the seconds of processor time that it took. */
export type Generated<Result> = Result & { readonly generatorSeconds: number }

/** Makes this process a generator: it is sent one task, plays it, and answers once. */
export function answerOnce<Task, Result extends object>(
  play: (task: Task) => Promise<Result>,
): void {
  process.once("message", (task: Task) => void answer(play(task)))
}

async function answer<Result extends object>(played: Promise<Result>): Promise<void> {
  const result = await played
  const { user, system } = process.cpuUsage()
  const generated: Generated<Result> = { ...result, generatorSeconds: (user + system) / 1e6 }
  process.send?.(generated, () => process.disconnect())
}
