import { expect, it } from "vitest"
import { noDatabases } from "../../support/no-databases.ts"
import { outboxSender } from "@spinor/logic/documents/sender"

it("what is wrong with one outbox keeps no other one waiting", async () => {
  const problems: unknown[] = []
  const flushed: unknown[] = []
  const outbox = (databases: string[]) => ({
    databases,
    backlog: async () => [],
    flush: async ({ database }: { database?: string } = {}) => {
      flushed.push(database)
      if (database === "bad") throw new Error("bad")
      return { sent: 0, refused: 0, reasons: [], goesOn: false, last: 0 }
    },
  })
  const { sendSome } = outboxSender(() => [outbox(["bad", "good"]), outbox(["other"])], {
    onProblem: (error) => problems.push(error),
    elapsed: () => 0,
  })
  await sendSome(noDatabases)
  expect(flushed).toEqual(["bad", "good", "other"])
  expect(problems).toEqual([new Error("bad")])
})
