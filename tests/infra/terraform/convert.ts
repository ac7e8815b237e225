import type { Resource } from "../synthesis/synthesis.ts"
import { laidOpen } from "../secret-mark.ts"

/** What `terraform providers schema -json` says of a resource, or of a block in one. */
export interface Block {
  readonly attributes?: Readonly<Record<string, Attribute>>
  readonly block_types?: Readonly<Record<string, { readonly block: Block }>>
}

interface Attribute {
  readonly type?: unknown
  readonly required?: boolean
  readonly optional?: boolean
  readonly computed?: boolean
}

export type Schemas = Readonly<Record<string, { readonly block: Block }>>

export interface Converted {
  /** By type, then by name. */
  readonly resources: Record<string, Record<string, object>>
  /** Types and properties that this provider does not have. */
  readonly unknown: string[]
}

/** Types whose names do not follow from Pulumi's. */
const TYPES: Readonly<Record<string, string>> = {
  "aws:s3/bucketObjectv2:BucketObjectv2": "aws_s3_object",
  "aws:rds/subnetGroup:SubnetGroup": "aws_db_subnet_group",
  "aws:rds/parameterGroup:ParameterGroup": "aws_db_parameter_group",
  "aws:rds/proxy:Proxy": "aws_db_proxy",
  "aws:rds/proxyTarget:ProxyTarget": "aws_db_proxy_target",
  "aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup": "aws_db_proxy_default_target_group",
  "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace":
    "aws_service_discovery_private_dns_namespace",
}

const PROPERTIES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  aws_lambda_function: { name: "function_name", code: "filename" },
  aws_lambda_permission: { function: "function_name" },
  aws_sns_topic_subscription: { topic: "topic_arn" },
}

/** What a deployment would make, as Terraform's provider of the same cloud reads it. */
export function toTerraform(resources: readonly Resource[], schemas: Schemas): Converted {
  const converted: Converted = { resources: {}, unknown: [] }
  for (const { type, name, inputs } of resources) {
    if (!type.startsWith("aws:")) continue
    const found = typeNames(type).find((each) => each in schemas)
    const block = found === undefined ? undefined : schemas[found]?.block
    if (found === undefined || block === undefined) {
      converted.unknown.push(type)
      continue
    }
    const renamed = Object.entries(inputs).map(([key, value]) => [
      PROPERTIES[found]?.[key] ?? key,
      value,
    ])
    const body = toBlock(laidOpen(Object.fromEntries(renamed)), block, found, converted.unknown)
    // Pulumi's engine names what has no name.
    for (const key of ["name", "alarm_name"]) {
      if (block.attributes?.[key]?.required === true) body[key] ??= name
    }
    ;(converted.resources[found] ??= {})[name] = body
  }
  return converted
}

function typeNames(type: string): string[] {
  const [, module = "", kind = ""] = type.split(/[:/]/)
  const rest = snake(kind)
  return [TYPES[type] ?? "", `aws_${module}_${rest}`, `aws_${rest}`]
}

function toBlock(
  value: unknown,
  block: Block,
  at: string,
  unknown: string[],
): Record<string, unknown> {
  const body: Record<string, unknown> = {}
  for (const [key, each] of Object.entries(Object(value) as object)) {
    if (each === undefined || each === null || key === "__defaults") continue
    const names = spellings(key)
    const nested = names.find((name) => name in (block.block_types ?? {}))
    const attribute = names.find((name) => name in (block.attributes ?? {}))
    const inner = nested === undefined ? undefined : block.block_types?.[nested]?.block
    if (nested !== undefined && inner !== undefined && typeof each === "object") {
      const items: unknown[] = Array.isArray(each) ? each : [each]
      body[nested] = items.map((item) => toBlock(item, inner, `${at}.${nested}`, unknown))
    } else if (attribute !== undefined) {
      const known = block.attributes?.[attribute]
      if (known?.computed === true && known.optional !== true) continue
      body[attribute] = toAttribute(each, known?.type)
    } else {
      unknown.push(`${at}.${key}`)
    }
  }
  return body
}

function toAttribute(value: unknown, type: unknown): unknown {
  if (type === "string" && typeof value === "object")
    return "path" in Object(value) ? "asset" : escaped(JSON.stringify(value))
  const fields = fieldsOf(type)
  if (fields === undefined) return escaped(value)
  const items: unknown[] = Array.isArray(value) ? value : [value]
  // Of a list of objects, Terraform wants every field.
  return items.map((item) => ({
    ...Object.fromEntries(fields.map((field) => [field, null])),
    ...Object.fromEntries(
      Object.entries(Object(item) as object).map(([key, each]) => [snake(key), escaped(each)]),
    ),
  }))
}

const fieldsOf = (type: unknown): string[] | undefined =>
  Array.isArray(type) && Array.isArray(type[1]) && type[1][0] === "object"
    ? Object.keys(type[1][1] as object)
    : undefined

/** Pulumi has lists in the plural where Terraform repeats a block in the singular. */
const spellings = (key: string): string[] => {
  const name = snake(key)
  return [name, name.replace(/ies$/, "y"), name.replace(/s$/, ""), name.replace(/es$/, "")]
}

const snake = (name: string): string =>
  name
    .replace(/V2$/, "_v2")
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, "$1_$2")
    .toLowerCase()

/** Terraform would fill in what looks like its templates. */
const escaped = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value).replaceAll("${", "$${").replaceAll("%{", "%%{")) as unknown
