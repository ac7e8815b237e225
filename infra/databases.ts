/** The database of a stage: Aurora in its network, or one elsewhere that the secret DatabaseUrl names. */
import { ownNetwork } from "./network.ts"
import { database, isProduction } from "./stage.ts"

/** The authorities that sign the certificates of clusters, which Node does not know of; a proxy has Amazon's ordinary one. */
const LAMBDA_CERTIFICATES = "/var/runtime/ca-cert.pem"

const KEPT = {
  deletionProtection: true,
  backupRetentionPeriod: 14,
  skipFinalSnapshot: false,
  finalSnapshotIdentifier: `spinor-${$app.stage}-final`,
}
const THROWN_AWAY = { deletionProtection: false, backupRetentionPeriod: 1, skipFinalSnapshot: true }

function aurora(engine: "mysql" | "postgres") {
  if (ownNetwork === undefined) throw new Error("Aurora needs a network of its own")
  const cluster = new sst.aws.Aurora("Database", {
    engine,
    version: { mysql: "3.08.0", postgres: "17" }[engine],
    database: "spinor",
    username: "spinor",
    vpc: ownNetwork,
    proxy: isProduction,
    replicas: isProduction ? 1 : 0,
    // One that nobody asks sleeps, and costs its storage alone.
    scaling: isProduction
      ? { min: "0.5 ACU", max: "16 ACU" }
      : { min: "0 ACU", max: "2 ACU", pauseAfter: "10 minutes" },
    transform: {
      cluster: {
        ...(isProduction ? KEPT : THROWN_AWAY),
        allowMajorVersionUpgrade: false,
        copyTagsToSnapshot: true,
      },
      instance: { publiclyAccessible: false, performanceInsightsEnabled: isProduction },
      proxy: { requireTls: true },
    },
  })
  return cluster
}

/** Undefined where the database is not ours. */
export const cluster = {
  "aurora-mysql": () => aurora("mysql"),
  "aurora-postgresql": () => aurora("postgres"),
  mysql: undefined,
  postgresql: undefined,
  planetscale: undefined,
  turso: undefined,
}[database]?.()

/** Secret: the password is among them. */
export const databaseVariables = cluster && {
  SPINOR_DB_TYPE: database === "aurora-mysql" ? "mysql" : "postgresql",
  SPINOR_DB_HOST: cluster.host,
  SPINOR_DB_PORT: $interpolate`${cluster.port}`,
  SPINOR_DB_NAME: cluster.database,
  SPINOR_DB_USER: cluster.username,
  SPINOR_DB_PASSWORD: cluster.password,
  SPINOR_DB_TLS_MODE: "verify-full",
  ...(!isProduction && { SPINOR_DB_TLS_CA: LAMBDA_CERTIFICATES }),
}
