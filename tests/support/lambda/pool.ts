import type { Lambda } from "./container.ts"

/** Containers of one function: more of them when all are busy, as Lambda scales. */
export interface Pool {
  /** In a free container, in a new one, or once one is free. */
  invoke(event: unknown): Promise<unknown>
  /** What all have printed until now. */
  log(): string
  stop(): Promise<void>
}

/** @param most containers at the same time */
export function startPool(start: () => Promise<Lambda>, most: number): Pool {
  const started: Lambda[] = []
  const free: Lambda[] = []
  const waiting: ((lambda: Lambda | undefined) => void)[] = []
  let places = most

  const take = async (): Promise<Lambda> => {
    const lambda = free.pop()
    if (lambda !== undefined) return lambda
    if (places === 0) {
      const { promise, resolve } = Promise.withResolvers<Lambda | undefined>()
      waiting.push(resolve)
      return (await promise) ?? (await take())
    }
    places--
    const another = await start()
    started.push(another)
    return another
  }
  const give = (lambda: Lambda) => {
    if (lambda.isBroken()) places++
    const next = waiting.shift()
    if (next) next(lambda.isBroken() ? undefined : lambda)
    else if (!lambda.isBroken()) free.push(lambda)
  }

  return {
    async invoke(event) {
      const lambda = await take()
      return await lambda.invoke(event).finally(() => give(lambda))
    },
    log: () => started.map((lambda) => lambda.log()).join(""),
    async stop() {
      await Promise.all(started.map((lambda) => lambda.stop()))
    },
  }
}
