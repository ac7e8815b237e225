import { describe, expect, it } from "vitest"
import { refusal, type SignedRequest } from "./sigv4.ts"

// "get-vanilla" and "get-vanilla-query-order-key-case" of the test suite that AWS publishes.
const IDENTITY = {
  accessKeyId: "AKIDEXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
  region: "us-east-1",
  service: "service",
}
const NOW = Date.UTC(2015, 7, 30, 12, 36)
const SIGNATURE = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"

const signed = (target: string, signature: string): SignedRequest => ({
  method: "GET",
  target,
  headers: {
    host: "example.amazonaws.com",
    "x-amz-date": "20150830T123600Z",
    authorization: `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=${signature}`,
  },
  body: new Uint8Array(),
})

describe("a signature of AWS", () => {
  it.each([
    ["/", SIGNATURE],
    [
      "/?Param2=value2&Param1=value1",
      "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
    ],
  ])("is accepted for %s", (target, signature) => {
    expect(refusal(signed(target, signature), IDENTITY, NOW)).toBeUndefined()
  })

  const request = signed("/", SIGNATURE)
  const headed = (headers: SignedRequest["headers"]): SignedRequest => ({
    ...request,
    headers: { ...request.headers, ...headers },
  })
  it.each<[title: string, request: SignedRequest, identity: object, now: number, why: RegExp]>([
    ["another path", { ...request, target: "/_all" }, {}, NOW, /does not match/],
    ["another body", { ...request, body: Buffer.from("{}") }, {}, NOW, /does not match/],
    ["another secret", request, { secretAccessKey: "other" }, NOW, /does not match/],
    ["another key", request, { accessKeyId: "other" }, NOW, /token .* is invalid/],
    ["a token that is not sent", request, { sessionToken: "token" }, NOW, /token .* is invalid/],
    ["another region", request, { region: "eu-west-1" }, NOW, /valid region/],
    ["another service", request, { service: "es" }, NOW, /valid region/],
    ["another time", request, {}, NOW + 301_000, /expired/],
    ["no signature", headed({ authorization: "Basic eA==" }), {}, NOW, /Missing/],
    ["a header of AWS added", headed({ "x-amz-acl": "public" }), {}, NOW, /Must be signed: x-amz/],
  ])("is refused for %s", (_, given, identity, now, why) => {
    expect(refusal(given, { ...IDENTITY, ...identity }, now)).toMatch(why)
  })
})
