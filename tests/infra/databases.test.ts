import { describe, expect, it } from "vitest"
import { readSettings } from "@spinor/core/settings/settings"
import { linkedTo } from "./linked.ts"
import { useStage } from "./synthesised.ts"

const KEYS = ["ConfigUrl", "Keystore", "StateKey"]
const GIVEN_SUBNETS = ["subnet-1", "subnet-2"]

/** Each database and each place of documents that a stage may have; `network` is where its functions run. */
describe.each([
  { stage: "production", driver: "mysql2", network: "own", search: "opensearch", secrets: [] },
  { stage: "frank", driver: "mysql2", network: "own", search: "sql", secrets: [] },
  { stage: "bob", driver: "postgres", network: "own", search: "opensearch", secrets: [] },
  {
    stage: "carol",
    driver: "mysql2",
    network: "given",
    search: "external",
    secrets: ["DatabaseUrl", "SearchConnection"],
  },
  { stage: "dave", driver: "postgres", network: "given", search: "sql", secrets: ["DatabaseUrl"] },
  {
    stage: "erin",
    driver: "planetscale",
    network: "none",
    search: "sql",
    secrets: ["DatabaseUrl"],
  },
  {
    stage: "alice",
    driver: "libsql-http",
    network: "none",
    search: "sql",
    secrets: ["DatabaseUrl"],
  },
] as const)("the stores of $stage", ({ stage: name, driver, network, search, secrets }) => {
  const stage = useStage(name)
  const numberOf = (type: string) => stage().of(type).length

  it("are reached by the one driver that each function carries", async () => {
    expect(stage().functions).toHaveLength(4)
    for (const built of stage().functions) expect(built.driver).toBe(driver)
    const { SPINOR_DB_TYPE: type, SPINOR_DB_URL: url } = await linkedTo(stage(), "Migrate")
    const types: Record<string, string> = { mysql2: "mysql", postgres: "postgresql" }
    expect(type).toBe(network === "own" ? types[driver] : undefined)
    expect(url === undefined).toBe(network === "own")
  })

  it("are made with the stage, or are there already and named by secrets", async () => {
    expect(numberOf("aws:rds/cluster:Cluster")).toBe(network === "own" ? 1 : 0)
    expect(numberOf("aws:opensearch/domain:Domain")).toBe(search === "opensearch" ? 1 : 0)
    const asked = stage()
      .of("sst:sst:Secret")
      .map(({ name: secret }) => secret)
    expect(asked.sort()).toEqual([...KEYS, ...secrets].sort())
    const { osDatabases, SPINOR_DOCUMENTS: inSql } = readSettings(
      await linkedTo(stage(), "Migrate"),
    )
    expect(osDatabases.has("JOBPARAMETERSDB")).toBe(search !== "sql")
    expect(inSql).toBe(search === "sql" ? "sql" : undefined)
  })

  it("are asked by no more containers than they have connections for", () => {
    const { inputs } = stage().one("aws:lambda/function:Function", "ApiFunction")
    const isShared = name === "production" || network === "none"
    expect(inputs["reservedConcurrentExecutions"]).toBe(isShared ? undefined : 50)
  })

  it("have a network where they need one alone", () => {
    expect(numberOf("aws:ec2/vpc:Vpc")).toBe(network === "own" ? 1 : 0)
    for (const { inputs } of stage().of("aws:lambda/function:Function")) {
      const subnets = Object(inputs["vpcConfig"])["subnetIds"] as string[] | undefined
      if (network === "none") expect(subnets).toBeUndefined()
      else if (network === "given") expect(subnets).toEqual(GIVEN_SUBNETS)
      else expect(subnets).toEqual([expect.any(String), expect.any(String)])
    }
  })
})

/** What AWS charges for by the hour, be it used or not. */
const BY_THE_HOUR =
  /^aws:(ec2\/(natGateway|instance|eip)|rds|opensearch|route53|acm|elasticache|lb|kms|secretsmanager)/

describe.each(["alice", "dave", "carol", "erin", "grace"] as const)(
  "a developer's stage with a database elsewhere: %s",
  (name) => {
    const stage = useStage(name)

    it("has nothing that costs by the hour", () => {
      const types = stage().resources.map(({ type }) => type)
      expect(types.filter((type) => BY_THE_HOUR.test(type))).toEqual([])
      for (const { inputs } of stage().of("aws:lambda/function:Function")) {
        expect(inputs).not.toHaveProperty("provisionedConcurrentExecutions")
      }
    })
  },
)

describe.each(["bob", "frank"] as const)("a developer's Aurora: %s", (name) => {
  const stage = useStage(name)

  it("sleeps when nobody asks it, which a proxy or insights would keep it from", () => {
    expect(stage().one("aws:rds/cluster:Cluster").inputs).toMatchObject({
      serverlessv2ScalingConfiguration: { minCapacity: 0, secondsUntilAutoPause: 600 },
    })
    expect(stage().of("aws:rds/proxy:Proxy")).toEqual([])
    const machine = stage().one("aws:rds/clusterInstance:ClusterInstance").inputs
    expect(machine).toMatchObject({ performanceInsightsEnabled: false })
    const often = stage()
      .of("aws:scheduler/schedule:Schedule")
      .map(({ inputs }) => String(inputs["scheduleExpression"]))
      .filter((expression) => !/^(cron\(\d+ \d+ \* \* \? \*\)|rate\(1 day\))$/.test(expression))
    expect(often).toEqual([])
  })
})
