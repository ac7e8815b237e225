import { TokenRequest, TokenResponse } from "@spinor/core/models/auth"
import { OAuthError } from "@spinor/core/errors"
import { grantTokens } from "@spinor/logic/auth/grant"
import { json, NO_STORE } from "../http/answers.ts"
import { openOperation } from "../operation.ts"

export const token = openOperation(
  {
    method: "post",
    path: "/api/auth/token",
    operationId: "auth_get_oidc_token",
    tags: ["auth"],
    form: TokenRequest,
    refusal: (faults) => {
      const [fault] = faults
      const field = String(fault?.loc.at(-1))
      if (field === "grant_type" && fault?.type !== "missing") {
        return new OAuthError("unsupported_grant_type")
      }
      return new OAuthError("invalid_request", `${field}: ${fault?.msg}`)
    },
    errors: [401, 403],
    responses: { 200: { schema: TokenResponse } },
  },
  async ({ form, deps }) => json(await grantTokens(deps, form), 200, NO_STORE),
)
