import type { Documents } from "@spinor/logic/documents/connect"

const EVERY_MILLISECONDS = 10_000

/** Sends what waits for OpenSearch, beside the requests; gives what ends that. */
export function sendRegularly(
  { usesOpenSearch, outboxes }: Documents,
  onProblem: (error: unknown) => void,
): () => Promise<void> {
  if (!usesOpenSearch) return async () => undefined
  let sending = Promise.resolve()
  const stopping = new AbortController()
  const sendAll = async () => {
    for (const { databases, flush } of outboxes.values()) {
      for (const database of databases) {
        let goesOn = true
        while (goesOn && !stopping.signal.aborted) ({ goesOn } = await flush({ database }))
      }
    }
  }
  const timer = setInterval(() => {
    sending = sending.then(sendAll).catch(onProblem)
  }, EVERY_MILLISECONDS)
  return async () => {
    stopping.abort()
    clearInterval(timer)
    await sending
  }
}
