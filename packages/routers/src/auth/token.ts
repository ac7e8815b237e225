import { TokenRequest, TokenResponse } from "@spinor/core/models/auth"
import { OAuthError } from "@spinor/core/errors"
import { grantTokens } from "@spinor/logic/auth/grant"
import { json } from "../http/answers.ts"
import { openOperation } from "../operation.ts"

/** Tokens are nobody else's (RFC 6749, section 5.1). */
const NO_STORE = { "cache-control": "no-store" }

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
