import { ACCOUNT, REGION } from "./synthesis.ts"

type Inputs = Readonly<Record<string, unknown>>

interface Statement {
  readonly effect?: string
  readonly actions: readonly string[]
  readonly resources?: readonly string[]
  readonly principals?: readonly {
    readonly type: string
    readonly identifiers: readonly string[]
  }[]
  readonly conditions?: readonly {
    readonly test: string
    readonly variable: string
    readonly values: readonly string[]
  }[]
}

/** What a program asks the cloud before it makes anything. */
const LOOKUPS: Record<string, (inputs: Inputs) => Inputs> = {
  "aws:index/getPartition:getPartition": () => ({ partition: "aws", dnsSuffix: "amazonaws.com" }),
  "aws:index/getRegion:getRegion": () => ({ id: REGION, name: REGION, region: REGION }),
  "aws:index/getCallerIdentity:getCallerIdentity": () => ({ accountId: ACCOUNT }),
  "aws:index/getAvailabilityZones:getAvailabilityZones": () => ({
    names: ["a", "b", "c"].map((zone) => REGION + zone),
  }),
  "aws:ec2/getAmi:getAmi": () => ({ id: "ami-0123456789abcdef0" }),
  "aws:route53/getZone:getZone": () => ({ zoneId: "ZONE" }),
  "aws:iam/getPolicyDocument:getPolicyDocument": ({ statements }) =>
    policy(statements as Statement[]),
}

/** @throws Error for a question that no test has foreseen */
export function lookUp(token: string, inputs: Inputs): Inputs {
  const answer = LOOKUPS[token]
  if (answer === undefined) throw new Error(`Nobody answers ${token}`)
  return { id: "lookup", ...answer(inputs) }
}

/** As the provider writes it. */
function policy(statements: readonly Statement[]): Inputs {
  if (statements.length === 0) return { json: "" }
  const Statement = statements.map(({ effect, actions, resources, principals, conditions }) => ({
    Effect: effect ?? "Allow",
    Action: actions,
    ...(resources && { Resource: resources }),
    ...(principals && {
      Principal: Object.fromEntries(principals.map(({ type, identifiers }) => [type, identifiers])),
    }),
    ...(conditions && {
      Condition: Object.fromEntries(
        conditions.map(({ test, variable, values }) => [test, { [variable]: values }]),
      ),
    }),
  }))
  return { statements, json: JSON.stringify({ Version: "2012-10-17", Statement }) }
}
