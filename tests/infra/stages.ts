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
  /** One with databases that are there already. */
  carol: {
    DEPLOY_DATABASE: "mysql",
    DEPLOY_SEARCH: "external",
    DEPLOY_SUBNETS: "subnet-1,subnet-2",
    DEPLOY_SECURITY_GROUPS: "sg-1",
  },
} as const

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
  ...Object.fromEntries(
    Object.entries(SECRETS).map(([key, value]) => [`SST_SECRET_${key}`, value]),
  ),
  ...STAGES[name],
})
