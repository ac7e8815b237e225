import { UserInfoResponse } from "@spinor/core/models/auth"
import { json } from "../http/answers.ts"
import { anyUser, operation } from "../operation.ts"

export const userinfo = operation(
  {
    method: "get",
    path: "/api/auth/userinfo",
    operationId: "auth_userinfo",
    tags: ["auth"],
    responses: { 200: { schema: UserInfoResponse } },
  },
  anyUser,
  (_, { sub, vo, group, properties, policies, preferredUsername }) =>
    json({
      sub,
      vo,
      dirac_group: group,
      policies,
      properties: [...properties],
      preferred_username: preferredUsername,
    }),
)
