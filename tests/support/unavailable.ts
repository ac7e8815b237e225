import { expect } from "vitest"
import type { Service } from "./service.ts"

/** That nothing but the name of the database is told, and when to ask again. */
export function expectUnavailable(answer: Awaited<ReturnType<Service["call"]>>): void {
  expect(answer).toMatchObject({ status: 503, body: { detail: "Cannot connect to JobDB" } })
  expect(answer.headers.get("retry-after")).toBe("10")
  expect(Object.keys(answer.body)).toEqual(["detail"])
}
