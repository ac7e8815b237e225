import { markedSecret } from "../secret-mark.ts"
import { ACCOUNT, REGION } from "./synthesis.ts"

interface Made {
  readonly type: string
  readonly id: string
  readonly inputs: Readonly<Record<string, unknown>>
}

type Attributes = Record<string, unknown>

/** Stands in every secret that is made, so that it is known wherever it turns up. */
export const GENERATED_SECRET = "generated-secret"

/** What the cloud would add to a resource that it has made. */
const ATTRIBUTES: Record<string, (made: Made) => Attributes> = {
  "aws:s3/bucket:Bucket": ({ id }) => ({
    arn: `arn:aws:s3:::${id}`,
    bucketDomainName: `${id}.s3.amazonaws.com`,
    region: REGION,
  }),
  "aws:sqs/queue:Queue": ({ id }) => ({
    arn: arn("sqs", id),
    url: `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/${id}`,
  }),
  "aws:lambda/function:Function": ({ id }) => ({
    arn: arn("lambda", `function:${id}`),
    version: "1",
  }),
  "aws:iam/role:Role": ({ id }) => ({ arn: `arn:aws:iam::${ACCOUNT}:role/${id}` }),
  "aws:cloudwatch/logGroup:LogGroup": ({ id }) => ({ arn: arn("logs", `log-group:${id}`) }),
  "aws:secretsmanager/secret:Secret": ({ id }) => ({ arn: arn("secretsmanager", `secret:${id}`) }),
  "aws:apigatewayv2/api:Api": () => ({
    apiEndpoint: `https://api123.execute-api.${REGION}.amazonaws.com`,
    executionArn: arn("execute-api", "api123"),
  }),
  "aws:apigatewayv2/domainName:DomainName": ({ inputs }) => ({
    domainNameConfiguration: {
      ...Object(inputs["domainNameConfiguration"]),
      targetDomainName: `d-abc.execute-api.${REGION}.amazonaws.com`,
      hostedZoneId: "ZGATEWAY",
    },
  }),
  "aws:acm/certificate:Certificate": ({ inputs }) => ({
    domainValidationOptions: [
      {
        domainName: inputs["domainName"],
        resourceRecordName: `_x.${String(inputs["domainName"])}.`,
        resourceRecordType: "CNAME",
        resourceRecordValue: "_y.acm-validations.aws.",
      },
    ],
  }),
  "aws:rds/cluster:Cluster": ({ id }) => ({
    arn: arn("rds", `cluster:${id}`),
    endpoint: `${id}.cluster-x.${REGION}.rds.amazonaws.com`,
    readerEndpoint: `${id}.cluster-ro-x.${REGION}.rds.amazonaws.com`,
  }),
  "aws:rds/clusterInstance:ClusterInstance": () => ({ port: 3306 }),
  "aws:rds/proxy:Proxy": ({ id }) => ({ endpoint: `${id}.proxy-x.${REGION}.rds.amazonaws.com` }),
  "aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup": () => ({ name: "default" }),
  "aws:opensearch/domain:Domain": ({ id }) => ({
    arn: arn("es", `domain/${id}`),
    endpoint: `vpc-${id}.${REGION}.es.amazonaws.com`,
  }),
  "random:index/randomPassword:RandomPassword": () => ({ result: markedSecret(GENERATED_SECRET) }),
  "random:index/randomBytes:RandomBytes": () => ({
    base64: Buffer.alloc(32, 7).toString("base64"),
  }),
  "pulumi-nodejs:dynamic:Resource": () => ({ zoneId: "ZONE" }),
}

/** The identifier and the attributes of a resource that is made. */
export function computed(
  type: string,
  name: string,
  inputs: Attributes,
): { id: string; state: Attributes } {
  const named = ["name", "bucket", "clusterIdentifier", "domainName"].map((key) => inputs[key])
  const id = named.find((each) => typeof each === "string") ?? `${name}-id`
  const [, module = "", kind = ""] = type.split(/[:/]/)
  const usual = type.startsWith("aws:") ? { arn: arn(module, `${kind}/${id}`) } : {}
  return { id, state: { ...inputs, ...usual, ...ATTRIBUTES[type]?.({ type, id, inputs }) } }
}

const arn = (service: string, rest: string): string =>
  `arn:aws:${service}:${REGION}:${ACCOUNT}:${rest}`
