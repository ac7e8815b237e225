/** What a stage is: its name decides size and protection, the variables of `.env.<stage>` the rest. */

/** Is kept when it is removed, has several machines of each kind, and is watched. */
export const isProduction = $app.stage === "production"

/** Databases that a stage may use, and the driver that its functions carry. */
const DATABASES = {
  "aurora-mysql": "mysql2",
  "aurora-postgresql": "postgres",
  mysql: "mysql2",
  postgresql: "postgres",
  planetscale: "planetscale",
  turso: "libsql-http",
} as const

const SEARCHES = { sql: true, opensearch: true, external: true } as const

/** Those of Aurora are made with the stage; the others exist, and the secret DatabaseUrl says where. */
export const database = choice(
  "DEPLOY_DATABASE",
  DATABASES,
  isProduction ? "aurora-mysql" : "turso",
)

export const driver = DATABASES[database]

/** Each container keeps a connection, but for a proxy that shares them and drivers over HTTP; MySQL gives 151 unless told. */
const keepsConnections =
  (driver === "mysql2" || driver === "postgres") &&
  !(database.startsWith("aurora-") && isProduction)

/** How many requests are answered at a time; the others are a 503 of the gateway. Undefined for as many as the account allows. */
export const concurrency = whole("DEPLOY_CONCURRENCY") ?? (keepsConnections ? 50 : undefined)

/** Where documents are: in the database, in an OpenSearch of the stage, or in the one that the secret SearchConnection names. */
export const search = choice("DEPLOY_SEARCH", SEARCHES, isProduction ? "opensearch" : "sql")

/** The host name of the service, in a hosted zone of the account; without it, one that AWS gives. */
export const domain = text("DEPLOY_DOMAIN")

/** Web applications that send sandboxes and fetch them. */
export const webOrigins = list("DEPLOY_WEB_ORIGINS")

/** A network that is there already, in which a database can be reached. */
export const existingNetwork = {
  privateSubnets: list("DEPLOY_SUBNETS"),
  securityGroups: list("DEPLOY_SECURITY_GROUPS"),
}

const isNetworkGiven = existingNetwork.privateSubnets.length > 0
if (isNetworkGiven !== existingNetwork.securityGroups.length > 0) {
  throw new Error("DEPLOY_SUBNETS and DEPLOY_SECURITY_GROUPS are needed both, or none")
}
if (isNetworkGiven && (database.startsWith("aurora-") || search === "opensearch")) {
  throw new Error(
    "DEPLOY_SUBNETS is for what lies elsewhere: Aurora and OpenSearch come with a network of their own",
  )
}

/** Who is told of alarms and of costs. */
export const alarmEmail = text("DEPLOY_ALARM_EMAIL")

/** In US dollars, of the whole account; production costs five hundred before it is used (`COSTS.md`). */
export const monthlyBudget = text("DEPLOY_MONTHLY_BUDGET") ?? "800"

/** What the environment says of the service's own variables, which the README lists; some are secret, so the state has none in the clear. */
export const givenVariables = Object.fromEntries(
  Object.entries(process.env).flatMap(([name, value]) =>
    /^(DIRACX?|SPINOR)_(?!TEST_)/.test(name) ? [[name, $util.secret(value)]] : [],
  ),
)

function text(name: string): string | undefined {
  return process.env[name] || undefined
}

function whole(name: string): number | undefined {
  const given = text(name)
  if (given === undefined) return undefined
  if (/^[1-9]\d{0,4}$/.test(given)) return Number(given)
  throw new Error(`${name} is not a whole number of 1 or more`)
}

function list(name: string): string[] {
  return (text(name) ?? "").split(",").flatMap((each) => each.trim() || [])
}

function choice<Choices extends object>(
  name: string,
  choices: Choices,
  unset: keyof Choices & string,
): keyof Choices & string {
  const chosen = text(name) ?? unset
  const isChoice = (each: string): each is keyof Choices & string => Object.hasOwn(choices, each)
  if (isChoice(chosen)) return chosen
  throw new Error(`${name} is none of ${Object.keys(choices).join(", ")}`)
}
