/** Messages that name a task, and what could not be done. */
const encrypted = { sqsManagedSseEnabled: true }
const DAY = 86_400

/** Tasks that messages or schedules have asked for in vain; they keep the age that they had. */
export const deadLetters = new sst.aws.Queue("DeadLetters", {
  transform: { queue: { ...encrypted, messageRetentionSeconds: 14 * DAY } },
})

/** Messages wait here for `events.ts`. */
export const taskQueue = new sst.aws.Queue("Tasks", {
  dlq: { queue: deadLetters.arn, retry: 5 },
  // Six times what the function may take, as a message may wait for a free one.
  visibilityTimeout: "30 minutes",
  transform: { queue: { ...encrypted, messageRetentionSeconds: 4 * DAY } },
})

export const queueVariables = { SPINOR_SQS_QUEUE_URL: taskQueue.url }

/** To ask for a task by a message. */
export const askingForTasks = [{ actions: ["sqs:SendMessage"], resources: [taskQueue.arn] }]

/** To leave behind what could not be done. */
export const givingUpTasks = [{ actions: ["sqs:SendMessage"], resources: [deadLetters.arn] }]

/** To do what messages ask for. */
export const takingTasks = [
  {
    actions: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
    resources: [taskQueue.arn],
  },
]
