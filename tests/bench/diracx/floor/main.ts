/** The bare server, in a process of its own; its settings are those of Spinor's. */
import { serve } from "@hono/node-server"
import { systemClock } from "@spinor/core/instant"
import { parseKeystore } from "@spinor/core/security/keystore"
import { VerifiedTokens } from "@spinor/core/security/verified-tokens"
import { floorApp } from "./app.ts"
import { openDatabase } from "./database.ts"

const setting = (name: string): string => process.env[name] ?? ""

const tokens = new VerifiedTokens({
  keystore: parseKeystore(setting("DIRACX_SERVICE_AUTH_TOKEN_KEYSTORE")),
  issuer: setting("DIRACX_SERVICE_AUTH_TOKEN_ISSUER"),
  clock: systemClock,
})
const database = openDatabase(setting("SPINOR_DB_URL").replace(/^[^:]+/, "mysql"))
const { fetch } = floorApp(tokens, database, setting("FLOOR_ETAG"))
serve({ fetch, hostname: setting("HOST"), port: Number(setting("PORT")) })
