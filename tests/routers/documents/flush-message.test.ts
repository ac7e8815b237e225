import { expect, it } from "vitest"
import { A_WHILE, useOutage, describeOutage } from "../../support/outage.ts"

describeOutage("a flush of the outbox", (backend) => {
  let asked = 0
  let refusal: Error | undefined
  const askForFlush = async () => {
    asked += 1
    if (refusal !== undefined) throw refusal
  }
  const { problems, newJob, patch, goesAway, comesBack, passes } = useOutage(backend, {
    askForFlush,
  })

  it("is asked for when something waits, once a minute", async () => {
    const jobId = await newJob()
    asked = 0
    expect(await patch(jobId, { a: 1 })).toBe(204)
    expect(asked).toBe(0)
    await goesAway()
    for (const time of [A_WHILE, 6000, 6000]) {
      passes(time)
      expect(await patch(jobId, { a: time })).toBe(204)
    }
    expect(asked).toBe(1)
    passes(A_WHILE)
    expect(await patch(jobId, { a: 2 })).toBe(204)
    expect(asked).toBe(2)
  })

  it("that cannot be asked for is a problem of nobody but the log", async () => {
    const jobId = await newJob()
    await goesAway()
    refusal = new Error("The queue is away")
    passes(A_WHILE)
    expect(await patch(jobId, { a: 1 })).toBe(204)
    expect(problems).toContain(refusal)
    refusal = undefined
    await comesBack()
  })
})
