import type { Settings } from "@spinor/core/settings/settings"
import { askBySqs, type AskForTask } from "@spinor/logic/messages/sqs"
import { awsCredentials } from "./aws-credentials.ts"

/** Undefined where there is no queue: a task is done when its schedule, or the server's timer, says so. */
export const askForTask = ({
  SPINOR_SQS_QUEUE_URL: url,
  AWS_REGION: region = "us-east-1",
}: Settings): AskForTask | undefined =>
  url === undefined ? undefined : askBySqs({ url, region, credentials: awsCredentials })
