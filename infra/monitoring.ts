/** What wakes an operator, and the page to look at then: in production alone, as each alarm costs. */
import { alarmEmail, isProduction, monthlyBudget } from "./stage.ts"
import { watched, type Watched } from "./watched.ts"

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
