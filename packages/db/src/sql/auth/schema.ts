import type { Columns } from "../dialects/mysql-columns.ts"

/** PENDING until the user has signed in, READY until the tokens are fetched, then DONE. */
export type FlowStatus = "PENDING" | "READY" | "DONE" | "ERROR"

/** A REVOKED token is kept, so that its reuse is noticed. */
export type RefreshTokenStatus = "CREATED" | "REVOKED"

/** AuthDB's tables: the flows under way, the refresh tokens given out, and ours to slow down guessing. */
export const authTables = ({
  table,
  index,
  uniqueIndex,
  primaryKey,
  int,
  string,
  json,
  datetime,
  uuid,
  utcNow,
}: Columns) => ({
  authorizationFlows: table(
    "AuthorizationFlows",
    {
      uuid: uuid("UUID").primaryKey(),
      status: string("Status", 16).$type<FlowStatus>().notNull().default("PENDING"),
      clientId: string("ClientID", 255).notNull(),
      creationTime: datetime("CreationTime").notNull().default(utcNow),
      scope: string("Scope", 1024).notNull(),
      codeChallenge: string("CodeChallenge", 255).notNull(),
      codeChallengeMethod: string("CodeChallengeMethod", 8).notNull(),
      redirectUri: string("RedirectURI", 255).notNull(),
      code: string("Code", 255),
      idToken: json("IDToken").$type<IdTokenClaims>(),
    },
    (flows) => [index("AuthorizationFlows", "spinor_Code").on(flows.code)],
  ),
  deviceFlows: table(
    "DeviceFlows",
    {
      userCode: string("UserCode", 8).primaryKey(),
      status: string("Status", 16).$type<FlowStatus>().notNull().default("PENDING"),
      creationTime: datetime("CreationTime").notNull().default(utcNow),
      clientId: string("ClientID", 255).notNull(),
      scope: string("Scope", 1024).notNull(),
      /** SHA-256 of the code, in hexadecimal digits. */
      deviceCode: string("DeviceCode", 128).notNull(),
      idToken: json("IDToken").$type<IdTokenClaims>(),
    },
    (flows) => [uniqueIndex("DeviceFlows", "DeviceCode").on(flows.deviceCode)],
  ),
  refreshTokens: table(
    "RefreshTokens",
    {
      jti: uuid("JTI").primaryKey(),
      status: string("Status", 16).$type<RefreshTokenStatus>().notNull().default("CREATED"),
      scope: string("Scope", 1024).notNull(),
      sub: string("Sub", 256).notNull(),
    },
    (tokens) => [
      index("RefreshTokens", "index_status_sub").on(tokens.status, tokens.sub),
      index("RefreshTokens", "ix_RefreshTokens_Sub").on(tokens.sub),
    ],
  ),
  /** How often something was tried in a minute. */
  spinorAttempts: table(
    "spinor_attempts",
    {
      /** What is tried and by whom, as a digest. */
      subject: string("Subject", 64).notNull(),
      minute: datetime("Minute").notNull(),
      count: int("Count").notNull(),
    },
    (attempts) => [
      primaryKey({ name: "spinor_attempts_pk", columns: [attempts.subject, attempts.minute] }),
      index("spinor_attempts", "spinor_Minute").on(attempts.minute),
    ],
  ),
})

/** What the VO's identity provider says of a user who signed in. */
export type IdTokenClaims = { sub: string } & Record<string, unknown>

export type AuthTables = ReturnType<typeof authTables>
