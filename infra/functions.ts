/** How a function of the service is made: of our own bundle, with a role that may do what it says and no more. */
import { execFileSync } from "node:child_process"
import { join } from "node:path"
import { network } from "./network.ts"
import { driver, isProduction } from "./stage.ts"

// The project's own Node: the one that SST was started with may be too old to read TypeScript.
const node = join($cli.paths.root, "node_modules/.bin/node")
const bundles = join($cli.paths.work, "functions")
const build = ["functions/build.ts", "--driver", driver, "--into", bundles]
execFileSync(node, build, { cwd: $cli.paths.root })

type Args = sst.aws.FunctionArgs

interface ServiceFunction {
  /** The module in `functions/`, without its ending. */
  readonly module: string
  readonly description: string
  readonly timeout: Args["timeout"] & string
  readonly memory: Args["memory"] & string
  /** Linkables of `variables.ts`. */
  readonly variables: sst.Linkable<object>[]
  readonly permissions: sst.aws.FunctionPermissionArgs[]
  readonly after?: $util.Resource[]
  /** At a time, of the account's; as many as there are unless given. */
  readonly concurrency?: number
}

/** The interfaces through which a function reaches its network, which Lambda handles on its behalf. */
const INTERFACES = [
  "ec2:CreateNetworkInterface",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSubnets",
  "ec2:DeleteNetworkInterface",
  "ec2:AssignPrivateIpAddresses",
  "ec2:UnassignPrivateIpAddresses",
]

const networking: sst.aws.FunctionPermissionArgs[] = [
  { actions: INTERFACES, resources: ["*"] },
  {
    effect: "deny",
    actions: INTERFACES,
    resources: ["*"],
    // Who runs within a function is not Lambda itself.
    conditions: [
      {
        test: "ArnLike",
        variable: "lambda:SourceFunctionArn",
        values: ["arn:*:lambda:*:*:function:*"],
      },
    ],
  },
]

export function serviceFunction(name: string, options: ServiceFunction): sst.aws.Function {
  const { module, description, timeout, memory, variables, permissions, after = [] } = options
  const { concurrency: reserved } = options
  const log = new aws.cloudwatch.LogGroup(`${name}Log`, {
    name: `/${$app.name}/${$app.stage}/${module}`,
    retentionInDays: isProduction ? 90 : 7,
  })
  return new sst.aws.Function(
    name,
    {
      description,
      bundle: join(bundles, module),
      handler: `${module}.handler`,
      runtime: "nodejs24.x",
      architecture: "arm64",
      timeout,
      memory,
      ...(reserved !== undefined && { concurrency: { reserved } }),
      link: variables,
      logging: { logGroup: log.name },
      ...(network && { vpc: network }),
      permissions: [
        {
          actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
          resources: [$interpolate`${log.arn}:*`],
        },
        ...(network ? networking : []),
        ...permissions,
      ],
      transform: {
        // SST lets the whole account in, and lets the function write every log.
        role(args) {
          args.assumeRolePolicy = aws.iam.assumeRolePolicyForPrincipal({
            Service: "lambda.amazonaws.com",
          })
          args.managedPolicyArns = []
        },
      },
    },
    { dependsOn: after },
  )
}
