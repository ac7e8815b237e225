import { expect, it } from "vitest"
import { awaitApproval } from "@spinor/cli/device-flow"
import { ConnectionError } from "@spinor/cli/errors"
import type { Http, HttpAnswer } from "@spinor/cli/http"

const discovery = {
  token_endpoint: "/token",
  device_authorization_endpoint: "/device",
  revocation_endpoint: "/revoke",
}
const device = { device_code: "d", user_code: "U", verification_uri: "/device", expires_in: 600 }
const tokens = { access_token: "a", refresh_token: "r", expires_in: 1200 }

const says = (error: string): HttpAnswer => ({
  status: 400,
  headers: new Headers(),
  body: { error },
})
const grants: HttpAnswer = { status: 200, headers: new Headers(), body: tokens }

/** Polls a service that gives these answers in turn; time passes in the pauses alone. */
async function poll(answers: readonly (HttpAnswer | Error)[], more: { interval?: number } = {}) {
  const left = [...answers]
  const pauses: number[] = []
  let now = 0
  const http: Http = async () => {
    const answer = left.shift() ?? says("authorization_pending")
    if (answer instanceof Error) throw answer
    return answer
  }
  const pause = async (milliseconds: number) => {
    pauses.push(milliseconds / 1000)
    now += milliseconds / 1000
  }
  const polling = awaitApproval(
    http,
    discovery,
    { ...device, ...more },
    { now: () => now, pause },
    () => {},
  )
  return {
    pauses,
    end: await polling.catch((error: unknown) => String(error)),
  }
}

it("polls every 5 seconds when the service names no interval", async () => {
  const pending = says("authorization_pending")
  expect(await poll([pending, pending, grants])).toEqual({ pauses: [5, 5], end: tokens })
})

it("keeps to the service's interval, and adds 5 seconds for each slow_down", async () => {
  const answers = [says("authorization_pending"), says("slow_down"), says("slow_down"), grants]
  expect(await poll(answers, { interval: 2 })).toEqual({ pauses: [2, 7, 12], end: tokens })
})

it("polls less often when the service does not answer, and goes on", async () => {
  const away = new ConnectionError("away")
  const busy: HttpAnswer = { status: 503, headers: new Headers(), body: undefined }
  expect(await poll([away, busy, grants])).toEqual({ pauses: [10, 20], end: tokens })
})

it("ends when nobody approves before the code expires", async () => {
  const { pauses, end } = await poll([])
  expect(pauses.reduce((sum, each) => sum + each)).toBe(595)
  expect(end).toContain("nobody approved the login in time")
})

it.each([
  ["expired_token", "nobody approved the login in time"],
  ["access_denied", "the login was refused in the browser"],
  ["invalid_grant", "the login failed: invalid_grant"],
])("ends at %s", async (error, message) => {
  const { pauses, end } = await poll([says(error)])
  expect(pauses).toEqual([])
  expect(end).toContain(message)
})
