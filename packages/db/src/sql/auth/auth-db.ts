import { and, eq, gt, inArray, lt, sql, type SQL } from "drizzle-orm"
import type { MySqlColumn, MySqlTable } from "drizzle-orm/mysql-core"
import type { Instant } from "@spinor/core/instant"
import { SqlDatabase } from "../database.ts"
import {
  dropPartitions,
  firstJtiOf,
  partitionName,
  planPartitions,
  refreshTokenPartitions,
  splitFuture,
  type Month,
} from "./partitions.ts"
import { authTables, type AuthTables, type IdTokenClaims } from "./schema.ts"

export type DeviceFlow = AuthTables["deviceFlows"]["$inferSelect"]
export type AuthorizationFlow = AuthTables["authorizationFlows"]["$inferSelect"]
export type RefreshToken = AuthTables["refreshTokens"]["$inferSelect"]

/** Logins under way, and the refresh tokens given out. Codes come hashed. */
export class AuthDB extends SqlDatabase<AuthTables> {
  static readonly databaseName = "AuthDB"
  static readonly declareTables = authTables

  /** Fails unless the database answers. */
  async ping(): Promise<void> {
    await this.db.run(sql`select 1 as alive`)
  }

  /** Stores a new flow; false if its user code is taken. */
  async insertDeviceFlow(
    flow: Pick<DeviceFlow, "userCode" | "deviceCode" | "clientId" | "scope" | "creationTime">,
  ): Promise<boolean> {
    const { deviceFlows } = this.tables
    const insert = this.dialect.ignoreDuplicates(
      this.db.insert(deviceFlows).values({ ...flow, status: "PENDING" }),
      [deviceFlows.userCode],
    )
    await insert
    const [stored] = await this.db
      .select({ userCode: deviceFlows.userCode })
      .from(deviceFlows)
      .where(eq(deviceFlows.deviceCode, flow.deviceCode))
    return stored !== undefined
  }

  /** The scope of a flow whose user has yet to sign in. */
  async scopeOfPendingDeviceFlow(userCode: string, after: Instant): Promise<string | undefined> {
    const { deviceFlows } = this.tables
    const [flow] = await this.db
      .select({ scope: deviceFlows.scope })
      .from(deviceFlows)
      .where(
        and(
          eq(deviceFlows.userCode, userCode),
          eq(deviceFlows.status, "PENDING"),
          gt(deviceFlows.creationTime, after),
        ),
      )
    return flow?.scope
  }

  /** Records who has signed in; false unless the flow waits for it and is not older. */
  async completeDeviceFlow(
    userCode: string,
    idToken: IdTokenClaims,
    after: Instant,
  ): Promise<boolean> {
    const { deviceFlows } = this.tables
    const result = await this.db
      .update(deviceFlows)
      .set({ idToken, status: "READY" })
      .where(
        and(
          eq(deviceFlows.userCode, userCode),
          eq(deviceFlows.status, "PENDING"),
          gt(deviceFlows.creationTime, after),
        ),
      )
    return this.dialect.affectedRows(result) === 1
  }

  async deviceFlow(deviceCode: string): Promise<DeviceFlow | undefined> {
    const { deviceFlows } = this.tables
    const [flow] = await this.db
      .select()
      .from(deviceFlows)
      .where(eq(deviceFlows.deviceCode, deviceCode))
    return flow
  }

  /** Ends a flow that is ready; false if another request has: its tokens are given out once. */
  async endDeviceFlow(deviceCode: string): Promise<boolean> {
    const { deviceFlows } = this.tables
    const result = await this.db
      .update(deviceFlows)
      .set({ status: "DONE" })
      .where(and(eq(deviceFlows.deviceCode, deviceCode), eq(deviceFlows.status, "READY")))
    return this.dialect.affectedRows(result) === 1
  }

  /** Counts an attempt; gives how many there were in that minute, with this one. */
  async countAttempt(subject: string, minute: Instant): Promise<number> {
    const { spinorAttempts } = this.tables
    const row = and(eq(spinorAttempts.subject, subject), eq(spinorAttempts.minute, minute))
    await this.dialect.ignoreDuplicates(
      this.db.insert(spinorAttempts).values({ subject, minute, count: 0 }),
      [spinorAttempts.subject, spinorAttempts.minute],
    )
    await this.db
      .update(spinorAttempts)
      .set({ count: sql`${spinorAttempts.count} + 1` })
      .where(row)
    const [counted] = await this.db
      .select({ count: spinorAttempts.count })
      .from(spinorAttempts)
      .where(row)
    return counted?.count ?? 0
  }

  async insertAuthorizationFlow(
    flow: Pick<
      AuthorizationFlow,
      | "uuid"
      | "clientId"
      | "scope"
      | "codeChallenge"
      | "codeChallengeMethod"
      | "redirectUri"
      | "creationTime"
    >,
  ): Promise<void> {
    await this.db.insert(this.tables.authorizationFlows).values({ ...flow, status: "PENDING" })
  }

  /** Records who has signed in, and the code for the client; undefined unless the flow waits for it. */
  async completeAuthorizationFlow(
    uuid: string,
    { idToken, code }: { idToken: IdTokenClaims; code: string },
    after: Instant,
  ): Promise<Pick<AuthorizationFlow, "redirectUri"> | undefined> {
    const { authorizationFlows } = this.tables
    const result = await this.db
      .update(authorizationFlows)
      .set({ idToken, code, status: "READY" })
      .where(
        and(
          eq(authorizationFlows.uuid, uuid),
          eq(authorizationFlows.status, "PENDING"),
          gt(authorizationFlows.creationTime, after),
        ),
      )
    if (this.dialect.affectedRows(result) !== 1) return undefined
    const [flow] = await this.db
      .select({ redirectUri: authorizationFlows.redirectUri })
      .from(authorizationFlows)
      .where(eq(authorizationFlows.uuid, uuid))
    return flow
  }

  async lockAuthorizationFlow(
    code: string,
    after: Instant,
  ): Promise<AuthorizationFlow | undefined> {
    const { authorizationFlows } = this.tables
    const select = this.db
      .select()
      .from(authorizationFlows)
      .where(and(eq(authorizationFlows.code, code), gt(authorizationFlows.creationTime, after)))
    const [flow] = await this.dialect.lockRows(select)
    return flow
  }

  /** The tokens of a flow are given out once. */
  async endAuthorizationFlow(uuid: string): Promise<void> {
    const { authorizationFlows } = this.tables
    await this.db
      .update(authorizationFlows)
      .set({ status: "DONE" })
      .where(eq(authorizationFlows.uuid, uuid))
  }

  /** The tokens of a subject that are not revoked; of everybody, all of them. */
  async refreshTokens(sub: string | undefined): Promise<RefreshToken[]> {
    const { refreshTokens } = this.tables
    const theirs =
      sub === undefined
        ? undefined
        : and(this.dialect.exactly(refreshTokens.sub, sub), eq(refreshTokens.status, "CREATED"))
    return await this.db.select().from(refreshTokens).where(theirs).orderBy(refreshTokens.jti)
  }

  async insertRefreshToken(token: Pick<RefreshToken, "jti" | "sub" | "scope">): Promise<void> {
    await this.db.insert(this.tables.refreshTokens).values({ ...token, status: "CREATED" })
  }

  async refreshToken(jti: string): Promise<RefreshToken | undefined> {
    const { refreshTokens } = this.tables
    const [token] = await this.db.select().from(refreshTokens).where(eq(refreshTokens.jti, jti))
    return token
  }

  /** Revokes a token that is not revoked yet; false if it was, so that one of two callers wins. */
  async revokeRefreshToken(jti: string): Promise<boolean> {
    const { refreshTokens } = this.tables
    const result = await this.db
      .update(refreshTokens)
      .set({ status: "REVOKED" })
      .where(and(eq(refreshTokens.jti, jti), eq(refreshTokens.status, "CREATED")))
    return this.dialect.affectedRows(result) === 1
  }

  /** Revokes every token of a subject: the answer to the reuse of one. */
  async revokeRefreshTokensOf(sub: string): Promise<void> {
    const { refreshTokens } = this.tables
    await this.db
      .update(refreshTokens)
      .set({ status: "REVOKED" })
      .where(this.dialect.exactly(refreshTokens.sub, sub))
  }

  /** Adds and drops partitions of the refresh tokens, where there are any; gives their names. */
  async maintainPartitions(
    now: Month,
    oldest: Month,
  ): Promise<{ added: string[]; dropped: string[] }> {
    const existing = await refreshTokenPartitions(this.db, this.dialect)
    const { add, drop } = planPartitions(existing, now, oldest)
    if (add.length > 0) await splitFuture(this.db, add)
    if (drop.length > 0) await dropPartitions(this.db, drop)
    return { added: add.map(partitionName), dropped: drop.map(partitionName) }
  }

  /** Deletes tokens that were made before that month, at most so many; gives how many they were. */
  async deleteRefreshTokens(oldest: Month, limit: number): Promise<number> {
    const { refreshTokens } = this.tables
    const { jti } = refreshTokens
    return await this.#deleteSome(refreshTokens, jti, lt(jti, firstJtiOf(oldest)), limit)
  }

  /** Deletes flows that began before that moment, at most so many; gives how many they were. */
  async deleteAuthorizationFlows(before: Instant, limit: number): Promise<number> {
    const { authorizationFlows } = this.tables
    const { uuid, creationTime } = authorizationFlows
    return await this.#deleteSome(authorizationFlows, uuid, lt(creationTime, before), limit)
  }

  /** Deletes flows that began before that moment, at most so many; gives how many they were. */
  async deleteDeviceFlows(before: Instant, limit: number): Promise<number> {
    const { deviceFlows } = this.tables
    const { userCode, creationTime } = deviceFlows
    return await this.#deleteSome(deviceFlows, userCode, lt(creationTime, before), limit)
  }

  /** Forgets the attempts of minutes before that moment; gives how many rows they were. */
  async deleteAttempts(before: Instant): Promise<number> {
    const { spinorAttempts } = this.tables
    const result = await this.db.delete(spinorAttempts).where(lt(spinorAttempts.minute, before))
    return this.dialect.affectedRows(result)
  }

  /** The keys are selected without locks: a delete that looks for them would lock what it looks at. */
  async #deleteSome(
    table: MySqlTable,
    key: MySqlColumn,
    condition: SQL,
    limit: number,
  ): Promise<number> {
    const rows = await this.db.select({ key }).from(table).where(condition).limit(limit)
    if (rows.length === 0) return 0
    const keys = rows.map((row) => row.key)
    const result = await this.db.delete(table).where(and(inArray(key, keys), condition))
    return this.dialect.affectedRows(result)
  }
}
