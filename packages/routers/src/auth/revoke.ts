import { RevocationRequest } from "@spinor/core/models/auth"
import { text } from "@spinor/core/models/lax"
import { revokeRefreshToken } from "@spinor/logic/auth/revoke"
import { json } from "../http/answers.ts"
import { openOperation } from "../operation.ts"

export const revoke = openOperation(
  {
    method: "post",
    path: "/api/auth/revoke",
    operationId: "auth_revoke_refresh_token_by_refresh_token",
    tags: ["auth"],
    form: RevocationRequest,
    errors: [401],
    responses: { 200: { schema: text } },
  },
  async ({ form, deps }) => {
    await revokeRefreshToken(deps, form)
    return json("Refresh token revoked")
  },
)
