import { expect, it } from "vitest"
import { causes } from "@spinor/core/causes"

it("an error is told with what it wraps, and with each of several", () => {
  const [first, second] = [new Error("::1"), new Error("127.0.0.1")]
  const both = new AggregateError([first, second])
  const whole = new Error("query", { cause: both })
  expect([...causes(whole)]).toEqual([whole, both, first, second])
  expect([...causes(undefined)]).toEqual([])
})
