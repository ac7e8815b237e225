/** A process that writes to two databases of one URL and does not come to the commit: `node main.ts URL STAMP`. */
import { connectSql } from "@spinor/db/sql/connections"
import { instant } from "@spinor/core/instant"
import { PilotAgentsDB } from "@spinor/db/sql/pilot/pilot-agents-db"
import { AuthDB } from "@spinor/db/sql/auth/auth-db"
import { parseDatabaseUrl } from "@spinor/db/sql/url"

const [, , url = "", stamp = ""] = process.argv
const parsed = parseDatabaseUrl(url, "the test's URL")
const { sql } = connectSql(() => parsed)
await sql.write({ auth: AuthDB, pilots: PilotAgentsDB }, async ({ auth, pilots }) => {
  await auth.countAttempt(stamp, instant("2026-11-01T12:00:00Z"))
  await pilots.reserveStamp(stamp)
  process.stdout.write("written\n")
  await new Promise(() => setInterval(() => undefined, 1000))
})
