/** What wakes an operator, and the page to look at then: in production alone, as each alarm costs. */
import { api } from "./api.ts"
import { cluster } from "./databases.ts"
import { gateway } from "./gateway.ts"
import { migrate } from "./migrations.ts"
import { deadLetters, events } from "./queues.ts"
import { maintenance } from "./schedules.ts"
import { searchDomain } from "./search.ts"
import { alarmEmail, isProduction, monthlyBudget } from "./stage.ts"

interface Watched {
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

const PERIOD_SECONDS = 300

if (isProduction) {
  const topic = new aws.sns.Topic("Alarms")
  if (alarmEmail !== undefined) {
    new aws.sns.TopicSubscription("AlarmsByEmail", {
      topic: topic.arn,
      protocol: "email",
      endpoint: alarmEmail,
    })
  }
  const all = watched()
  for (const [name, one] of Object.entries(all)) alarm(name, one, topic.arn)
  dashboard(all)
  budget()
}

function watched(): Record<string, Watched> {
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

function alarm(name: string, one: Watched, topic: $util.Input<string>): void {
  const isPercentile = one.statistic.startsWith("p")
  new aws.cloudwatch.MetricAlarm(`${name}Alarm`, {
    alarmDescription: one.description,
    namespace: one.namespace,
    metricName: one.metric,
    dimensions: one.dimensions,
    ...(isPercentile ? { extendedStatistic: one.statistic } : { statistic: one.statistic }),
    period: PERIOD_SECONDS,
    evaluationPeriods: one.periods ?? 1,
    threshold: one.above,
    comparisonOperator: "GreaterThanThreshold",
    treatMissingData: "notBreaching",
    alarmActions: [topic],
    okActions: [topic],
  })
}

/** A graph for each alarm, two in a row. */
function dashboard(all: Record<string, Watched>): void {
  const region = aws.getRegionOutput().region
  const widgets = Object.entries(all).map(([title, one], index) => ({
    type: "metric",
    x: (index % 2) * 12,
    y: Math.floor(index / 2) * 6,
    width: 12,
    height: 6,
    properties: {
      title,
      region,
      stat: one.statistic,
      period: PERIOD_SECONDS,
      metrics: [[one.namespace, one.metric, ...Object.entries(one.dimensions).flat()]],
      annotations: { horizontal: [{ value: one.above }] },
    },
  }))
  new aws.cloudwatch.Dashboard("Dashboard", {
    dashboardName: `${$app.name}-${$app.stage}`,
    dashboardBody: $jsonStringify({ widgets }),
  })
}

function budget(): void {
  const subscriberEmailAddresses = alarmEmail === undefined ? [] : [alarmEmail]
  const notification = (notificationType: string, threshold: number) => ({
    comparisonOperator: "GREATER_THAN",
    notificationType,
    threshold,
    thresholdType: "PERCENTAGE",
    subscriberEmailAddresses,
  })
  new aws.budgets.Budget("Budget", {
    budgetType: "COST",
    limitAmount: monthlyBudget,
    limitUnit: "USD",
    timeUnit: "MONTHLY",
    ...(alarmEmail !== undefined && {
      notifications: [notification("ACTUAL", 80), notification("FORECASTED", 100)],
    }),
  })
}
