import { describe, expect, it } from "vitest"
import { allOperations } from "@spinor/routers/services"
import { useDatabase } from "../../support/database.ts"
import { serviceOn } from "../../support/service.ts"
import { contentsOf } from "../../support/contents.ts"
import { accesses } from "./access.ts"
import { storeBelongings, type Belongings } from "./belongings.ts"
import { callers } from "./callers.ts"

const operations = await allOperations()

const guarded = operations.filter(({ authenticated }) => authenticated).map(({ config }) => config)
const namesOf = (those: typeof callers) => those.map(({ name }) => name)

it("is said of every operation that asks for a token, and of no other", () => {
  const said = new Set(accesses.map(({ operationId }) => operationId))
  expect([...said].sort()).toEqual(guarded.map(({ operationId }) => operationId).sort())
})

describe.each(accesses)(
  "$operationId",
  ({ operationId, query, body, serves, shows = () => false }) => {
    const database = useDatabase("sqlite")
    const service = () => serviceOn(database.sql)
    const { method = "", path = "" } =
      guarded.find((each) => each.operationId === operationId) ?? {}

    const callBy = async ({ caller }: (typeof callers)[number], of: Belongings) => {
      const parameters: Record<string, string> = {
        job_id: String(of.jobId),
        jti: of.jti,
        sandbox_type: "input",
      }
      const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => parameters[name] ?? "")
      const options = body === undefined ? { as: caller } : { as: caller, body: body(of) }
      const answer = await service().call(
        method.toUpperCase(),
        `${filled}?${query?.(of) ?? ""}`,
        options,
      )
      return { status: answer.status, isShown: JSON.stringify(answer.body).includes(of.mark) }
    }

    it("refuses everybody else, tells them nothing and changes nothing", async () => {
      const belongings = await storeBelongings(service())
      const before = await contentsOf(database)
      for (const who of callers.filter((each) => !serves(each))) {
        const answer = await callBy(who, belongings)
        expect([who.name, answer]).toEqual([who.name, { status: 403, isShown: false }])
      }
      expect(await contentsOf(database)).toEqual(before)
    })

    it("serves those who may, and shows what is alice's to those who may see it", async () => {
      const served = callers.filter(serves)
      const seeing: typeof served = []
      for (const who of served) {
        const { status, isShown } = await callBy(who, await storeBelongings(service()))
        expect([who.name, Math.floor(status / 100)]).toEqual([who.name, 2])
        if (isShown) seeing.push(who)
      }
      expect(namesOf(seeing)).toEqual(namesOf(callers.filter(shows)))
    })
  },
)
