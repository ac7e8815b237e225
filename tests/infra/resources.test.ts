import { describe, expect, it } from "vitest"
import { tasks } from "@spinor/tasks/tasks"
import { useStage } from "./synthesised.ts"

describe.each(["production", "alice"] as const)("the stage %s", (name) => {
  const stage = useStage(name)
  const inputs = (type: string, resource?: string) => stage().one(type, resource).inputs

  /** What is there before a function. */
  const before = (resource: string) =>
    stage()
      .one("aws:lambda/function:Function", resource)
      .dependencies.map((urn) => urn.split("::").at(-1))

  it.each(["Api", "Migrate", "Maintenance", "Events"])(
    "has our own bundle as function: %s",
    (component) => {
      const module = component.toLowerCase()
      const built = stage().functions.find((each) => each.name === component)
      expect(built?.handler).toBe(`${module}.handler`)
      expect(built?.files).toEqual(expect.arrayContaining([`${module}.mjs`, "resource.enc"]))
      expect(inputs("aws:lambda/function:Function", `${component}Function`)).toMatchObject({
        handler: `${module}.handler`,
        runtime: "nodejs24.x",
        architectures: ["arm64"],
        packageType: "Zip",
        loggingConfig: { logGroup: `/spinor/${name}/${module}` },
      })
    },
  )

  it("migrates before it answers requests or does tasks, once the database is there", () => {
    for (const component of ["Api", "Maintenance", "Events"]) {
      expect(before(`${component}Function`)).toContain("Migration")
    }
    const { triggers } = inputs("aws:lambda/invocation:Invocation", "Migration") as {
      triggers: { code: string }
    }
    expect(triggers.code).toMatch(/^assets\/Migrate-code-[0-9a-f]{64}\.zip$/)
    const isAurora = name === "production"
    for (const part of ["DatabaseInstance", "DatabaseProxyTarget"]) {
      expect(before("MigrateFunction").includes(part)).toBe(isAurora)
    }
  })

  it("lays the SQL of migrations beside the function that runs them", () => {
    const built = stage().functions.find((each) => each.name === "Migrate")
    expect(built?.files).toEqual(expect.arrayContaining(["migrations/mysql/JobDB/0000_tables.sql"]))
  })

  it("calls each task by a schedule, which need not look at an outbox that is not there", () => {
    const scheduled = stage()
      .of("aws:scheduler/schedule:Schedule")
      .map(({ inputs: { target, state, scheduleExpression } }) => {
        expect(state).toBe("ENABLED")
        const { input, deadLetterConfig } = target as { input: string; deadLetterConfig: object }
        expect(deadLetterConfig).toEqual({ arn: expect.stringContaining("DeadLetters") })
        return [(JSON.parse(input) as { task: string }).task, scheduleExpression]
      })
    const expected = tasks
      .map(({ name: task }) => task)
      .filter((task) => name === "production" || task !== "flush_outboxes")
    expect(new Set(scheduled.map(([task]) => task))).toEqual(new Set(expected))
    expect(scheduled).toHaveLength(expected.length)
    if (name === "production")
      expect(scheduled).toContainEqual(["flush_outboxes", "rate(1 minute)"])
  })

  it("keeps sandboxes in a bucket that is private, encrypted and reached by TLS alone", () => {
    expect(inputs("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock")).toMatchObject({
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    })
    const encryption =
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
    expect(inputs(encryption)["rules"]).toEqual([
      { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } },
    ])
    const policy = JSON.parse(String(inputs("aws:s3/bucketPolicy:BucketPolicy")["policy"])) as {
      Statement: object[]
    }
    expect(policy.Statement).toEqual([
      expect.objectContaining({
        Effect: "Deny",
        Condition: { Bool: { "aws:SecureTransport": ["false"] } },
      }),
    ])
    expect(
      inputs("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration")["rules"],
    ).toEqual([
      expect.objectContaining({ abortIncompleteMultipartUpload: { daysAfterInitiation: 1 } }),
    ])
  })

  it("lets a message wait for longer than it may take, and gives it up at last", () => {
    const queue = inputs("aws:sqs/queue:Queue", "TasksQueue")
    const { timeout } = inputs("aws:lambda/function:Function", "EventsFunction")
    expect(queue["visibilityTimeoutSeconds"]).toBeGreaterThanOrEqual(6 * Number(timeout))
    const { maxReceiveCount } = JSON.parse(String(queue["redrivePolicy"])) as {
      maxReceiveCount: number
    }
    expect(maxReceiveCount).toBeGreaterThanOrEqual(2)
    const source = inputs("aws:lambda/eventSourceMapping:EventSourceMapping")
    expect(source).toMatchObject({ functionResponseTypes: ["ReportBatchItemFailures"] })
    // Without a window, SQS gives ten at most.
    expect(source["batchSize"]).toBeGreaterThanOrEqual(1)
    expect(source["batchSize"]).toBeLessThanOrEqual(10)
    for (const each of stage().of("aws:sqs/queue:Queue")) {
      expect(each.inputs).toMatchObject({ sqsManagedSseEnabled: true })
    }
    expect(inputs("aws:sqs/queue:Queue", "DeadLettersQueue")).toMatchObject({
      messageRetentionSeconds: 1_209_600,
    })
  })

  it("answers before its gateway gives up, with the service's own CORS", () => {
    const { timeout } = inputs("aws:lambda/function:Function", "ApiFunction")
    expect(Number(timeout)).toBeLessThan(30)
    expect(inputs("aws:apigatewayv2/api:Api")).toMatchObject({
      protocolType: "HTTP",
      corsConfiguration: {},
      disableExecuteApiEndpoint: false,
    })
    expect(inputs("aws:apigatewayv2/route:Route")).toMatchObject({ routeKey: "$default" })
    const gateway = inputs("aws:apigatewayv2/stage:Stage")
    expect(gateway["accessLogSettings"]).toMatchObject({
      destinationArn: expect.stringContaining("apis"),
    })
    const { throttlingRateLimit } = gateway["defaultRouteSettings"] as {
      throttlingRateLimit: number
    }
    expect(throttlingRateLimit).toBe(name === "production" ? 500 : 50)
  })

  it("tells its URL and what to do next", () => {
    expect(stage().outputs).toMatchObject({
      url: "https://api123.execute-api.eu-central-1.amazonaws.com",
      next: expect.stringContaining("npx spinor login"),
    })
  })
})
