import { describe, expect, it } from "vitest"
import { tasks } from "@spinor/tasks/tasks"
import { linkedTo } from "./linked.ts"
import { computed } from "./synthesis/computed.ts"
import { useStage } from "./synthesised.ts"

describe.each(["production", "alice"] as const)("the stage %s", (name) => {
  const stage = useStage(name)
  const inputs = (type: string, resource?: string) => stage().one(type, resource).inputs

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
    // A message keeps its age when it is given up.
    const { messageRetentionSeconds: kept } = inputs("aws:sqs/queue:Queue", "DeadLettersQueue")
    expect(kept).toBe(1_209_600)
    const waits = Number(queue["visibilityTimeoutSeconds"]) * maxReceiveCount
    expect(queue["messageRetentionSeconds"]).toBeGreaterThan(waits)
    expect(queue["messageRetentionSeconds"]).toBeLessThan(Number(kept))
  })

  it("takes messages from the queue that its functions send them to", async () => {
    const { arn, url } = computed(
      "aws:sqs/queue:Queue",
      "TasksQueue",
      inputs("aws:sqs/queue:Queue", "TasksQueue"),
    ).state
    expect(inputs("aws:lambda/eventSourceMapping:EventSourceMapping")).toMatchObject({
      eventSourceArn: arn,
      functionName: expect.stringContaining("EventsFunction"),
    })
    for (const sender of ["Api", "Maintenance", "Events"]) {
      expect(await linkedTo(stage(), sender)).toHaveProperty("SPINOR_SQS_QUEUE_URL", url)
    }
    expect(await linkedTo(stage(), "Migrate")).not.toHaveProperty("SPINOR_SQS_QUEUE_URL")
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
