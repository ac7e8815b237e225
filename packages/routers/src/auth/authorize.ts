import * as z from "zod"
import { text } from "@spinor/core/models/lax"
import { countLogin } from "@spinor/logic/auth/attempts"
import {
  completeAuthorizationFlow,
  initiateAuthorizationFlow,
} from "@spinor/logic/auth/authorization-flow"
import { redirect } from "../http/answers.ts"
import { openOperation } from "../operation.ts"

const AUTHORIZE = "/api/auth/authorize"
const COMPLETE = `${AUTHORIZE}/complete`

/** DiracX's document says no more of a constant than its type. */
const constant = <const Value extends string>(value: Value) =>
  z.literal(value, `Input should be '${value}'`).meta({ openapi: { type: "string" } })

export const initiate = openOperation(
  {
    method: "get",
    path: AUTHORIZE,
    operationId: "auth_initiate_authorization_flow",
    tags: ["auth"],
    query: z.object({
      response_type: constant("code"),
      code_challenge: text,
      code_challenge_method: constant("S256"),
      client_id: text,
      redirect_uri: text,
      scope: text,
      state: text,
    }),
    errors: [429, 502],
    responses: { 200: { schema: z.unknown() }, 307: {} },
  },
  async ({ query, deps, urlOf, addressOfCaller }) => {
    await countLogin(deps, addressOfCaller())
    const { client_id: clientId, redirect_uri: redirectUri, scope, state } = query
    const request = { clientId, redirectUri, scope, state, codeChallenge: query.code_challenge }
    return redirect(await initiateAuthorizationFlow(deps, request, urlOf(COMPLETE)))
  },
)

export const complete = openOperation(
  {
    method: "get",
    path: COMPLETE,
    operationId: "auth_complete_authorization_flow",
    tags: ["auth"],
    query: z.object({ code: text, state: text }),
    errors: [401, 502],
    responses: { 200: { schema: z.unknown() }, 307: {} },
  },
  async ({ query, deps, urlOf }) =>
    redirect(await completeAuthorizationFlow(deps, { ...query, redirectUri: urlOf(COMPLETE) })),
)
