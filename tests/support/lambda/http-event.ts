/** A GET request as an HTTP API gives it to a function (payload format 2.0). */
export const httpGet = (path: string) => ({
  version: "2.0",
  routeKey: "$default",
  rawPath: path,
  rawQueryString: "",
  headers: { host: "api.example.org", "user-agent": "test" },
  requestContext: {
    accountId: "123456789012",
    apiId: "api",
    domainName: "api.example.org",
    domainPrefix: "api",
    http: { method: "GET", path, protocol: "HTTP/1.1", sourceIp: "203.0.113.9", userAgent: "test" },
    requestId: "test",
    routeKey: "$default",
    stage: "$default",
    time: "01/Jan/2026:00:00:00 +0000",
    timeEpoch: 1_767_225_600_000,
  },
  isBase64Encoded: false,
})
