import { expect, it } from "vitest"
import { costsOf, thatDoNotFall, WRITES } from "./writes.ts"

/** Of each workload: operations cost so many seconds of processor time a thousand. */
const results = (cost: (workload: string) => number) =>
  WRITES.map((workload) => {
    const figures = {
      operations: 1,
      rate: 1,
      rates: [1],
      p50: 1,
      p95: 1,
      p99: 1,
      statements: 1,
      bytes: 1,
      cpuServer: cost(workload),
      cpuDatabase: 1,
      others: 0,
      megabytes: 1,
      fault: undefined,
    }
    return {
      workload,
      figures: new Map([
        ["few", figures],
        ["many", { ...figures, cpuDatabase: 3 }],
      ]),
    }
  })

it("a job costs its part of a call, of server and database", () => {
  expect(costsOf(results(() => 9)).slice(0, 3)).toEqual([
    { series: "submit", size: 1, few: 10, many: 12, fault: undefined },
    { series: "submit", size: 20, few: 0.5, many: 0.6, fault: undefined },
    { series: "submit", size: 1000, few: 0.01, many: 0.012, fault: undefined },
  ])
})

it("calls that cost no more than small ones make jobs cheap", () => {
  expect(thatDoNotFall(costsOf(results(() => 9)))).toEqual([])
})

it("calls that cost as much as all their jobs do not", () => {
  const dear = (workload: string) => (workload === "heartbeat of 100 jobs" ? 1999 : 9)
  expect(thatDoNotFall(costsOf(results(dear)))).toMatchObject([{ series: "heartbeat", size: 100 }])
})
