import { createHash } from "node:crypto"

/** A message as an event source gives it to a function, in a batch: `{ Records }`. */
export const sqsMessage = (messageId: string, body: string) => ({
  messageId,
  receiptHandle: `handle of ${messageId}`,
  body,
  attributes: {
    ApproximateReceiveCount: "1",
    SentTimestamp: "1767225600000",
    SenderId: "123456789012",
    ApproximateFirstReceiveTimestamp: "1767225600001",
  },
  messageAttributes: {},
  md5OfBody: createHash("md5").update(body).digest("hex"),
  eventSource: "aws:sqs",
  eventSourceARN: "arn:aws:sqs:us-east-1:123456789012:tasks",
  awsRegion: "us-east-1",
})
