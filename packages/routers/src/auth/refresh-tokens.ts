import * as z from "zod"
import { text } from "@spinor/core/models/lax"
import { listRefreshTokens, revokeRefreshTokenById } from "@spinor/logic/auth/refresh-tokens"
import { json } from "../http/answers.ts"
import { anyUser, operation } from "../operation.ts"

/** DiracX sends the place of the status in its enumeration. */
const STATUS = { CREATED: 1, REVOKED: 2 } as const

export const list = operation(
  {
    method: "get",
    path: "/api/auth/refresh-tokens",
    operationId: "auth_get_refresh_tokens",
    tags: ["auth"],
    responses: { 200: { schema: z.array(z.unknown()) } },
  },
  anyUser,
  async ({ deps }, user) => {
    const tokens = await listRefreshTokens(deps, user)
    return json(
      tokens.map(({ jti, status, scope, sub }) => ({
        JTI: jti,
        Status: STATUS[status],
        Scope: scope,
        Sub: sub,
      })),
    )
  },
)

export const revokeById = operation(
  {
    method: "delete",
    path: "/api/auth/refresh-tokens/{jti}",
    operationId: "auth_revoke_refresh_token_by_jti",
    tags: ["auth"],
    pathParameters: z.object({ jti: text }),
    errors: [404],
    responses: { 200: { schema: text } },
  },
  // Whose token it is shows only when it has been read.
  anyUser,
  async ({ path: { jti }, deps }, user) => {
    await revokeRefreshTokenById(deps, user, jti)
    return json("Refresh token revoked")
  },
)
