import { useDeployment } from "../../support/lambda/deployment.ts"
import { httpGet } from "../../support/lambda/http-event.ts"

/** What a container of the API answered, and printed. */
export interface Asked {
  readonly log: string
  readonly answers: readonly Answer[]
}

interface Answer {
  readonly statusCode: number
  readonly body: string
  /** From the event to the answer; those of the first have the start in them. */
  readonly milliseconds: number
}

/**
 * Gives a way to ask the function of the API, whose database is away, for paths, one after the
 * other, in a container that is gone with the last answer.
 */
export function useApi(): (
  paths: readonly string[],
  variables?: Readonly<Record<string, string>>,
) => Promise<Asked> {
  const deployment = useDeployment("mysql2")
  return async (paths, variables) => {
    const api = await deployment.start("api", variables)
    const answers: Answer[] = []
    for (const path of paths) {
      const began = performance.now()
      // What Lambda makes an answer of HTTP of.
      const answer = (await api.invoke(httpGet(path))) as Omit<Answer, "milliseconds">
      answers.push({ ...answer, milliseconds: performance.now() - began })
    }
    await api.stop()
    return { answers, log: api.log() }
  }
}
