import { describe, expect, it } from "vitest"
import { grantsOf, statementsOf } from "./policies.ts"
import { useStage } from "./synthesised.ts"

const FUNCTIONS = ["Api", "Migrate", "Maintenance", "Events"]
const SCHEDULES = ["KeepAuth", "CleanSandboxStore", "PruneDocuments", "FlushOutboxes"]

const queue = (action: string, name: string) =>
  expect.stringMatching(`^Allow sqs:${action} arn:aws:sqs:.*-${name}Queue-\\w+$`)

describe("a function of production", () => {
  const stage = useStage("production")

  it.each(FUNCTIONS)("is entered by Lambda alone: %s", (name) => {
    const { inputs } = stage().one("aws:iam/role:Role", `${name}Role`)
    expect(inputs["assumeRolePolicy"]).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "AllowAssumeRole",
          Effect: "Allow",
          Action: "sts:AssumeRole",
          Principal: { Service: "lambda.amazonaws.com" },
        },
      ],
    })
    expect(inputs["managedPolicyArns"]).toEqual([])
  })

  it.each(FUNCTIONS)("writes its own log: %s", (name) => {
    const log = stage().one("aws:cloudwatch/logGroup:LogGroup", `${name}Log`).inputs["name"]
    const arn = `arn:aws:logs:eu-central-1:123456789012:log-group:${String(log)}:*`
    expect(grantsOf(stage(), name).filter((line) => line.includes("logs:"))).toEqual([
      `Allow logs:CreateLogStream ${arn}`,
      `Allow logs:PutLogEvents ${arn}`,
    ])
  })

  it.each(FUNCTIONS)(
    "has interfaces of the network through Lambda, not by its own code: %s",
    (name) => {
      const [allowed, denied, ...others] = statementsOf(stage(), name).filter(({ Action }) =>
        Action.some((action) => action.startsWith("ec2:")),
      )
      expect(others).toEqual([])
      expect(allowed?.Effect).toBe("Allow")
      expect(denied).toEqual({
        ...allowed,
        Effect: "Deny",
        Condition: { ArnLike: { "lambda:SourceFunctionArn": ["arn:*:lambda:*:*:function:*"] } },
      })
    },
  )

  it.each([...FUNCTIONS, ...SCHEDULES])("may do nothing to everything: %s", (name) => {
    for (const { Action, Resource } of statementsOf(stage(), name)) {
      expect(Action.filter((action) => action.includes("*"))).toEqual([])
      if (Action.some((action) => action.startsWith("ec2:"))) continue
      for (const resource of Resource) {
        expect(resource).toMatch(/^arn:aws:(s3:::|[a-z]+:eu-central-1:123456789012:)[\w/-]+/)
      }
    }
  })

  const more = (name: string) => grantsOf(stage(), name).filter((line) => !line.includes("logs:"))
  const search = (...methods: string[]) =>
    methods.map((method) =>
      expect.stringMatching(`^Allow es:ESHttp${method} arn:aws:es:[^*]*:domain/[^*]+/\\*$`),
    )
  const objects = (action: string) =>
    expect.stringMatching(`^Allow s3:${action} arn:aws:s3:::spinor-production-sandboxes[^*]*/\\*$`)

  it("answers requests with documents and with signatures for sandboxes", () => {
    expect(more("Api")).toEqual([
      ...search("Get", "Head", "Post", "Put"),
      objects("GetObject"),
      expect.stringMatching(/^Allow s3:ListBucket arn:aws:s3:::spinor-production-sandboxes[^/*]*$/),
      objects("PutObject"),
      queue("SendMessage", "Tasks"),
    ])
  })

  it("migrates templates, and touches no document and no sandbox", () => {
    expect(more("Migrate")).toEqual(search("Get", "Head", "Put"))
  })

  it("does tasks with documents, sandboxes to be removed and dead letters", () => {
    expect(more("Maintenance")).toEqual([
      ...search("Delete", "Get", "Head", "Post", "Put"),
      objects("DeleteObject"),
      queue("SendMessage", "DeadLetters"),
      queue("SendMessage", "Tasks"),
    ])
  })

  it("takes messages of its queue, and sends such", () => {
    expect(more("Events")).toEqual([
      ...search("Delete", "Get", "Head", "Post", "Put"),
      objects("DeleteObject"),
      ...["DeleteMessage", "GetQueueAttributes", "ReceiveMessage", "SendMessage"].map((action) =>
        queue(action, "Tasks"),
      ),
    ])
  })

  it.each(SCHEDULES)("is called by a schedule that may do no more: %s", (name) => {
    expect(grantsOf(stage(), name)).toEqual([
      expect.stringMatching(
        /^Allow lambda:InvokeFunction arn:aws:lambda:\S+:function:\S+MaintenanceFunction\S+$/,
      ),
      queue("SendMessage", "DeadLetters"),
    ])
  })

  it("has no actions that AWS does not have", () => {
    const asked = stage()
      .of("aws:iam/role:Role")
      .filter(({ name }) => [...FUNCTIONS, ...SCHEDULES].includes(name.replace(/Role$/, "")))
      .flatMap(({ name }) => statementsOf(stage(), name.replace(/Role$/, "")))
      .flatMap(({ Action }) => Action)
    expect([...new Set(asked)].filter((action) => !ACTIONS.has(action))).toEqual([])
  })
})

/** As the service authorisation reference of AWS spells those that the functions need. */
const ACTIONS = new Set([
  "ec2:AssignPrivateIpAddresses",
  "ec2:CreateNetworkInterface",
  "ec2:DeleteNetworkInterface",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSubnets",
  "ec2:UnassignPrivateIpAddresses",
  "es:ESHttpDelete",
  "es:ESHttpGet",
  "es:ESHttpHead",
  "es:ESHttpPost",
  "es:ESHttpPut",
  "lambda:InvokeFunction",
  "logs:CreateLogStream",
  "logs:PutLogEvents",
  "s3:DeleteObject",
  "s3:GetObject",
  "s3:ListBucket",
  "s3:PutObject",
  "sqs:DeleteMessage",
  "sqs:GetQueueAttributes",
  "sqs:ReceiveMessage",
  "sqs:SendMessage",
])
