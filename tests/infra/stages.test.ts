import { describe, expect, it } from "vitest"
import { linkedTo } from "./linked.ts"
import { useStage } from "./synthesised.ts"

const DOMAIN = "aws:opensearch/domain:Domain"
const CLUSTER = "aws:rds/cluster:Cluster"

/** Types of machines that OpenSearch has, of the sizes that a stage may want. */
const INSTANCES = /^(t3\.(small|medium)|[mr]7g\.(large|xlarge|2xlarge))\.search$/

describe("production", () => {
  const stage = useStage("production")

  it("is protected, and keeps its data when it is removed", () => {
    expect(stage().app).toMatchObject({ removal: "retain", protect: true })
    for (const type of [CLUSTER, DOMAIN, "aws:s3/bucket:Bucket", "aws:ec2/vpc:Vpc"]) {
      expect(stage().one(type).retainOnDelete).toBe(true)
    }
    expect(stage().one(CLUSTER).inputs).toMatchObject({
      deletionProtection: true,
      skipFinalSnapshot: false,
      backupRetentionPeriod: 14,
    })
    expect(stage().one("aws:s3/bucket:Bucket").inputs).toMatchObject({ forceDestroy: false })
  })

  it("has an encrypted Aurora that grows, a second machine and a proxy with TLS", () => {
    expect(stage().one(CLUSTER).inputs).toMatchObject({
      engine: "aurora-mysql",
      storageEncrypted: true,
      serverlessv2ScalingConfiguration: { minCapacity: 0.5, maxCapacity: 16 },
    })
    const machines = stage().of("aws:rds/clusterInstance:ClusterInstance")
    expect(machines).toHaveLength(2)
    for (const { inputs } of machines) expect(inputs).toMatchObject({ publiclyAccessible: false })
    expect(stage().one("aws:rds/proxy:Proxy").inputs).toMatchObject({ requireTls: true })
  })

  it("has an encrypted OpenSearch in its network, for signed requests of the account", () => {
    const { inputs } = stage().one(DOMAIN)
    expect(inputs).toMatchObject({
      clusterConfig: { instanceCount: 2, zoneAwarenessEnabled: true },
      encryptAtRest: { enabled: true },
      nodeToNodeEncryption: { enabled: true },
      domainEndpointOptions: { enforceHttps: true },
    })
    const { instanceType } = inputs["clusterConfig"] as { instanceType: string }
    expect(instanceType).toMatch(INSTANCES)
    const { subnetIds } = inputs["vpcOptions"] as { subnetIds: string[] }
    expect(subnetIds).toEqual([
      expect.stringContaining("Private"),
      expect.stringContaining("Private"),
    ])
    const policy = stage().one("aws:opensearch/domainPolicy:DomainPolicy").inputs["accessPolicies"]
    expect(JSON.parse(String(policy))).toMatchObject({
      Statement: [
        {
          Effect: "Allow",
          Action: ["es:ESHttp*"],
          Resource: [expect.stringMatching(/^arn:aws:es:.*:domain\/.*\/\*$/)],
          Principal: { AWS: ["arn:aws:iam::123456789012:root"] },
        },
      ],
    })
  })

  it("runs its functions in a network that nobody enters", () => {
    for (const { inputs } of stage().of("aws:lambda/function:Function")) {
      const { subnetIds } = inputs["vpcConfig"] as { subnetIds: string[] }
      expect(subnetIds).toHaveLength(2)
    }
    const rules = [
      ...stage().of("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"),
      ...stage().of("aws:ec2/securityGroup:SecurityGroup"),
    ].flatMap(({ inputs }) => inputs["ingress"] as { cidrBlocks: string[] }[])
    expect(rules.flatMap(({ cidrBlocks }) => cidrBlocks)).toEqual(["10.0.0.0/16"])
    expect(stage().of("aws:ec2/natGateway:NatGateway")).toHaveLength(2)
    expect(stage().of("aws:lambda/functionUrl:FunctionUrl")).toEqual([])
  })

  it("wakes somebody", () => {
    const topic = stage().one("aws:sns/topicSubscription:TopicSubscription").inputs
    expect(topic).toMatchObject({ protocol: "email", endpoint: "ops@example.org" })
    const alarms = stage().of("aws:cloudwatch/metricAlarm:MetricAlarm")
    for (const { inputs } of alarms) {
      expect(inputs).toMatchObject({
        treatMissingData: "notBreaching",
        alarmActions: [topic["topic"]],
      })
      const dimensions = inputs["dimensions"] as object
      const isOpenSearch = inputs["namespace"] === "AWS/ES"
      expect(Object.values(dimensions).filter(Boolean)).toHaveLength(isOpenSearch ? 2 : 1)
    }
    const metrics = alarms.map(
      ({ inputs }) => `${String(inputs["namespace"])} ${String(inputs["metricName"])}`,
    )
    expect(metrics.sort((one, other) => (one < other ? -1 : 1))).toEqual([
      "AWS/ApiGateway 5xx",
      "AWS/ApiGateway Latency",
      "AWS/ES ClusterIndexWritesBlocked",
      "AWS/ES ClusterStatus.red",
      ...Array.from({ length: 4 }, () => "AWS/Lambda Errors"),
      ...Array.from({ length: 4 }, () => "AWS/Lambda Throttles"),
      "AWS/RDS ACUUtilization",
      "AWS/RDS CPUUtilization",
      "AWS/RDS DatabaseConnections",
      "AWS/SQS ApproximateAgeOfOldestMessage",
      "AWS/SQS ApproximateNumberOfMessagesVisible",
    ])
    const body = stage().one("aws:cloudwatch/dashboard:Dashboard").inputs["dashboardBody"]
    expect((JSON.parse(String(body)) as { widgets: object[] }).widgets).toHaveLength(alarms.length)
    expect(stage().one("aws:budgets/budget:Budget").inputs).toMatchObject({
      limitAmount: "800",
      notifications: [
        {
          notificationType: "ACTUAL",
          threshold: 80,
          subscriberEmailAddresses: ["ops@example.org"],
        },
        { notificationType: "FORECASTED", threshold: 100 },
      ],
    })
  })
})

describe("the stage of a developer", () => {
  const stage = useStage("alice")

  it("has nothing that costs while nobody asks it, and goes away with all it holds", () => {
    expect(stage().app).toMatchObject({ removal: "remove", protect: false })
    expect(stage().one("aws:s3/bucket:Bucket").inputs).toMatchObject({ forceDestroy: true })
    const services = stage().resources.flatMap(({ type }) => /^aws:(\w+)\//.exec(type)?.[1] ?? [])
    expect(new Set(services)).toEqual(
      new Set(["apigatewayv2", "cloudwatch", "iam", "lambda", "s3", "scheduler", "sqs"]),
    )
    const charged = ["metricAlarm:MetricAlarm", "dashboard:Dashboard"]
    for (const kind of charged) expect(stage().of(`aws:cloudwatch/${kind}`)).toEqual([])
    for (const { inputs } of stage().of("aws:scheduler/schedule:Schedule")) {
      expect(inputs["scheduleExpression"]).toMatch(/^cron\(\d+ \d+ \* \* \? \*\)$/)
    }
  })
})

describe("the stage of a developer with a database, OpenSearch and a name of its own", () => {
  const stage = useStage("bob")

  it("has an Aurora that sleeps, and that is gone with the stage", () => {
    expect(stage().one(CLUSTER).inputs).toMatchObject({
      engine: "aurora-postgresql",
      deletionProtection: false,
      skipFinalSnapshot: true,
      serverlessv2ScalingConfiguration: {
        minCapacity: 0,
        maxCapacity: 2,
        secondsUntilAutoPause: 600,
      },
    })
    expect(stage().one(CLUSTER).retainOnDelete).toBe(false)
    expect(stage().of("aws:rds/clusterInstance:ClusterInstance")).toHaveLength(1)
    expect(stage().of("aws:rds/proxy:Proxy")).toEqual([])
  })

  it("tells its functions how to reach both, and whom to trust", async () => {
    const linked = await linkedTo(stage(), "Api")
    expect(linked).toMatchObject({
      SPINOR_DB_TYPE: "postgresql",
      SPINOR_DB_NAME: "spinor",
      SPINOR_DB_TLS_MODE: "verify-full",
      SPINOR_DB_TLS_CA: "/var/runtime/ca-cert.pem",
      SPINOR_PUBLIC_URL: "https://bob.example.org",
    })
    expect(JSON.parse(String(linked["DIRACX_OS_DB_JOBPARAMETERSDB"]))).toEqual({
      hosts: expect.stringMatching(/^https:\/\/vpc-.*:443$/),
      aws: { region: "eu-central-1", service: "es" },
    })
    expect(linked).not.toHaveProperty("SPINOR_DOCUMENTS")
  })

  it("has the smallest OpenSearch, and networking without a fee for each hour of a gateway", () => {
    expect(stage().one(DOMAIN).inputs).toMatchObject({
      clusterConfig: { instanceType: "t3.small.search", instanceCount: 1 },
      vpcOptions: { subnetIds: [expect.stringContaining("Private")] },
    })
    expect(stage().of("aws:ec2/natGateway:NatGateway")).toEqual([])
    for (const { inputs } of stage().of("aws:ec2/instance:Instance")) {
      expect(inputs).toMatchObject({ instanceType: "t4g.nano" })
    }
    const { ingress } = stage().one("aws:ec2/securityGroup:SecurityGroup").inputs
    expect(ingress).toEqual([expect.objectContaining({ cidrBlocks: ["10.0.0.0/16"] })])
  })

  it("answers under its name alone, with a certificate", () => {
    expect(stage().one("aws:apigatewayv2/api:Api").inputs).toMatchObject({
      disableExecuteApiEndpoint: true,
    })
    expect(stage().one("aws:apigatewayv2/domainName:DomainName").inputs).toMatchObject({
      domainName: "bob.example.org",
      domainNameConfiguration: { endpointType: "REGIONAL", securityPolicy: "TLS_1_2" },
    })
    expect(stage().one("aws:acm/certificate:Certificate").inputs).toMatchObject({
      domainName: "bob.example.org",
      validationMethod: "DNS",
    })
    expect(stage().outputs).toMatchObject({ url: "https://bob.example.org" })
  })

  it("lets web applications send and fetch sandboxes", () => {
    expect(
      stage().one("aws:s3/bucketCorsConfiguration:BucketCorsConfiguration").inputs,
    ).toMatchObject({
      corsRules: [
        {
          allowedMethods: ["GET", "POST"],
          allowedOrigins: ["https://web.example.org", "http://localhost:3000"],
        },
      ],
    })
  })
})

describe("a stage with a database in a network that is there", () => {
  const stage = useStage("carol")

  it("runs its functions there, and makes no network", () => {
    for (const { inputs } of stage().of("aws:lambda/function:Function")) {
      expect(inputs["vpcConfig"]).toEqual({
        subnetIds: ["subnet-1", "subnet-2"],
        securityGroupIds: ["sg-1"],
      })
    }
    expect(stage().of("aws:ec2/vpc:Vpc")).toEqual([])
  })
})
