/** The figures that tell of trouble: of functions, the gateway, what was given up, the database and OpenSearch. */
import { api } from "./api.ts"
import { cluster } from "./databases.ts"
import { events } from "./events.ts"
import { gateway } from "./gateway.ts"
import { migrate } from "./migrations.ts"
import { deadLetters, taskQueue } from "./queues.ts"
import { maintenance } from "./schedules.ts"
import { searchDomain } from "./search.ts"

export interface Watched {
  readonly namespace: string
  readonly metric: string
  readonly dimensions: Record<string, $util.Input<string>>
  /** "Sum", "Maximum", or a percentile such as "p99". */
  readonly statistic: string
  readonly above: number
  /** In a row, of five minutes each. */
  readonly periods?: number
  readonly description: string
}

/** By the names of alarms. */
export function watched(): Record<string, Watched> {
  const functions = { Api: api, Events: events, Maintenance: maintenance, Migrate: migrate }
  const found: Record<string, Watched> = {}
  for (const [name, { name: FunctionName }] of Object.entries(functions)) {
    const common = { namespace: "AWS/Lambda", dimensions: { FunctionName }, statistic: "Sum" }
    const description = `See the log group /${$app.name}/${$app.stage}/${name.toLowerCase()}`
    found[`${name}Errors`] = { ...common, metric: "Errors", above: 0, description }
    found[`${name}Throttles`] = { ...common, metric: "Throttles", above: 0, description }
  }
  const ofGateway = { namespace: "AWS/ApiGateway", dimensions: { ApiId: gateway.nodes.api.id } }
  found["GatewayErrors"] = {
    ...ofGateway,
    metric: "5xx",
    statistic: "Sum",
    above: 10,
    description: "Requests were answered by 5xx",
  }
  found["GatewayLatency"] = {
    ...ofGateway,
    metric: "Latency",
    statistic: "p99",
    above: 5000,
    periods: 3,
    description: "One request of a hundred takes more than five seconds",
  }
  found["DeadLetters"] = {
    namespace: "AWS/SQS",
    metric: "ApproximateNumberOfMessagesVisible",
    dimensions: { QueueName: deadLetters.nodes.queue.name },
    statistic: "Maximum",
    above: 0,
    description: "A task was given up: mend why, then redrive the queue of dead letters",
  }
  found["TasksWait"] = {
    namespace: "AWS/SQS",
    metric: "ApproximateAgeOfOldestMessage",
    dimensions: { QueueName: taskQueue.nodes.queue.name },
    statistic: "Maximum",
    // A message that failed comes again after half an hour, to its fifth and last time.
    above: 3 * 3600,
    description: "Tasks that messages ask for are not done: see the log of events",
  }
  return { ...found, ...watchedDatabase(), ...watchedSearch() }
}

function watchedDatabase(): Record<string, Watched> {
  if (cluster === undefined) return {}
  const ofCluster = {
    namespace: "AWS/RDS",
    dimensions: { DBClusterIdentifier: cluster.id },
    statistic: "Maximum",
    periods: 3,
  }
  return {
    DatabaseCapacity: {
      ...ofCluster,
      metric: "ACUUtilization",
      above: 90,
      description: "Aurora is near its largest size (infra/databases.ts)",
    },
    DatabaseLoad: {
      ...ofCluster,
      metric: "CPUUtilization",
      above: 90,
      description: "Aurora's processors are busy",
    },
    DatabaseConnections: {
      ...ofCluster,
      metric: "DatabaseConnections",
      above: 800,
      description: "Aurora holds many connections",
    },
  }
}

function watchedSearch(): Record<string, Watched> {
  if (searchDomain === undefined) return {}
  const ofDomain = {
    namespace: "AWS/ES",
    dimensions: {
      DomainName: searchDomain.domainName,
      ClientId: aws.getCallerIdentityOutput().accountId,
    },
    statistic: "Maximum",
  }
  return {
    SearchRed: {
      ...ofDomain,
      metric: "ClusterStatus.red",
      above: 0,
      description: "An index of OpenSearch has no copy: documents wait in the database",
    },
    SearchWritesBlocked: {
      ...ofDomain,
      metric: "ClusterIndexWritesBlocked",
      above: 0,
      description: "OpenSearch takes no documents, for want of disk or memory",
    },
  }
}
