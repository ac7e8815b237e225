import { variables } from "@spinor/core/settings/variables"

/** What an operator has set; each is known by this word wherever it turns up. */
export const GIVEN_SECRET = "given-secret"

/** The stages that the tests speak of, and what the environment says of them. */
export const STAGES = {
  production: { DEPLOY_ALARM_EMAIL: "ops@example.org" },
  /** A developer's, as it comes. */
  alice: {},
  /** A developer's with a database, OpenSearch and a name of its own. */
  bob: {
    DEPLOY_DATABASE: "aurora-postgresql",
    DEPLOY_SEARCH: "opensearch",
    DEPLOY_DOMAIN: "bob.example.org",
    DEPLOY_WEB_ORIGINS: "https://web.example.org, http://localhost:3000",
  },
  /** Two with databases that are there already. */
  carol: {
    DEPLOY_DATABASE: "mysql",
    DEPLOY_SEARCH: "external",
    DEPLOY_SUBNETS: "subnet-1,subnet-2",
    DEPLOY_SECURITY_GROUPS: "sg-1",
  },
  dave: {
    DEPLOY_DATABASE: "postgresql",
    DEPLOY_SUBNETS: "subnet-1,subnet-2",
    DEPLOY_SECURITY_GROUPS: "sg-1",
  },
  erin: { DEPLOY_DATABASE: "planetscale" },
  frank: { DEPLOY_DATABASE: "aurora-mysql" },
  /** As Alice's, but for its keys. */
  grace: { SST_SECRET_Keystore: "other keys", SST_SECRET_StateKey: "another key" },
  /** As Alice's, and all that the service may be told. */
  heidi: everyVariable(),
} as const

function everyVariable(): Record<string, string> {
  const names = [...Object.keys(variables.shape), "DIRACX_DB_URL_JOBDB", "DIRACX_OS_DB_PILOTLOGSDB"]
  return Object.fromEntries(names.map((name) => [name, `given ${name}`]))
}

export type StageName = keyof typeof STAGES

const SECRETS = {
  Keystore: `${GIVEN_SECRET}-keystore`,
  StateKey: `${GIVEN_SECRET}-state`,
  ConfigUrl: `git+https://user:${GIVEN_SECRET}@example.org/config.git`,
  DatabaseUrl: `mysql://user:${GIVEN_SECRET}@db.example.org/jobs`,
  SearchConnection: `{"hosts": "https://user:${GIVEN_SECRET}@search.example.org"}`,
}

/** The environment in which a stage is deployed. */
export const environmentOf = (name: StageName): Record<string, string> => ({
  PATH: process.env["PATH"] ?? "",
  DIRACX_LEGACY_EXCHANGE_HASHED_API_KEY: `${GIVEN_SECRET}-hash`,
  DIRACX_SANDBOX_STORE_S3_CLIENT_KWARGS: `{"aws_secret_access_key": "${GIVEN_SECRET}-s3"}`,
  ...Object.fromEntries(
    Object.entries(SECRETS).map(([key, value]) => [`SST_SECRET_${key}`, value]),
  ),
  ...STAGES[name],
})
