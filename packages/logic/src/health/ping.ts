import { AuthDB } from "@spinor/db/sql/auth/auth-db"
import type { SqlDatabases } from "@spinor/db/sql/unit-of-work"

/** @throws UnavailableError unless the database answers, without which nobody can sign in */
export const pingDatabase = (sql: SqlDatabases): Promise<void> =>
  sql.read({ auth: AuthDB }, ({ auth }) => auth.ping())
