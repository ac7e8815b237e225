/**
 * The settings of the functions, secrets among them: linked, so that they travel encrypted beside the code and stand in no plain
 * variable. Each function is given what it reads and no more, which `tests/infra/variables.test.ts` says of each variable.
 */
import { databaseVariables } from "./databases.ts"
import { gateway } from "./gateway.ts"
import { queueVariables } from "./queues.ts"
import { searchVariables } from "./search.ts"
import { requestSecrets, storeSecrets } from "./secrets.ts"
import { givenVariables } from "./stage.ts"
import { storageVariables } from "./storage.ts"

/** `functions/lambda/environment.ts` reads what is linked under such names. */
const linked = (group: string, properties: Record<string, unknown>) =>
  new sst.Linkable(`${group}Variables`, { properties })

const OF_STORES =
  /^(DIRACX_(DB_URL|OS_DB|FACTORY_OS)|SPINOR_(DB|SQLITE|DOCUMENTS|STAGE)|DIRACX_SERVICE_JOBS_ENABLED)/
const OF_TASKS = /^(DIRACX|SPINOR)_SANDBOX_STORE|^SPINOR_SQS_|_(RETENTION|EXPIRATION)_/

/** Those that the environment gives to such a group. */
const given = (isOfGroup: (name: string) => boolean) =>
  Object.fromEntries(Object.entries(givenVariables).filter(([name]) => isOfGroup(name)))

const ofStores = linked("Store", {
  SPINOR_STAGE: "production",
  ...given((name) => OF_STORES.test(name)),
  ...searchVariables,
  ...databaseVariables,
  ...storeSecrets,
})

const ofTasks = linked("Task", {
  ...given((name) => OF_TASKS.test(name)),
  ...storageVariables,
  ...queueVariables,
})

const ofRequests = linked("Request", {
  SPINOR_PUBLIC_URL: gateway.url,
  ...given((name) => !OF_STORES.test(name) && !OF_TASKS.test(name)),
  ...requestSecrets,
})

/** For who reads and writes tables and documents, and does nothing besides. */
export const storeVariables = [ofStores]

/** For who does tasks. */
export const taskVariables = [ofStores, ofTasks]

/** For who answers requests, and alone knows the keys. */
export const requestVariables = [ofStores, ofTasks, ofRequests]
