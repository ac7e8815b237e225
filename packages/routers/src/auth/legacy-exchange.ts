import * as z from "zod"
import { integer, nullable, text } from "@spinor/core/models/lax"
import { TokenResponse } from "@spinor/core/models/auth"
import { exchangeLegacyProxy } from "@spinor/logic/auth/legacy-exchange"
import { json, NO_STORE } from "../http/answers.ts"
import { openOperation } from "../operation.ts"

export const legacyExchange = openOperation(
  {
    method: "get",
    path: "/api/auth/legacy-exchange",
    operationId: "auth_perform_legacy_exchange",
    tags: ["auth"],
    query: z.object({
      preferred_username: text,
      scope: text,
      expires_minutes: nullable(integer),
    }),
    headers: z.object({ authorization: text }),
    responses: { 200: { schema: TokenResponse } },
    hidden: true,
  },
  async ({ query, headers: { authorization }, deps }) => {
    const { preferred_username: preferredUsername, scope, expires_minutes: minutes } = query
    const exchange = {
      preferredUsername,
      scope,
      authorization,
      expiresMinutes: minutes ?? undefined,
    }
    return json(await exchangeLegacyProxy(deps, exchange), 200, NO_STORE)
  },
)
