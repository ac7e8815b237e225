import * as z from "zod"
import { InitiateDeviceFlowResponse } from "@spinor/core/models/auth"
import { text } from "@spinor/core/models/lax"
import { countLogin } from "@spinor/logic/auth/attempts"
import {
  finishDeviceFlow,
  initiateDeviceFlow,
  signInUrlOfDevice,
} from "@spinor/logic/auth/device-flow"
import { html, json, redirect } from "../http/answers.ts"
import { openOperation } from "../operation.ts"
import { finishedPage } from "./pages.ts"

const DEVICE = "/api/auth/device"
const COMPLETE = `${DEVICE}/complete`
const FINISHED = `${COMPLETE}/finished`

const anything = z.unknown()

export const initiate = openOperation(
  {
    method: "post",
    path: DEVICE,
    operationId: "auth_initiate_device_flow",
    tags: ["auth"],
    query: z.object({ client_id: text, scope: text }),
    errors: [429],
    responses: { 200: { schema: InitiateDeviceFlowResponse } },
  },
  async ({ query, deps, urlOf, addressOfCaller }) => {
    await countLogin(deps, addressOfCaller())
    const { client_id: clientId, scope } = query
    return json(await initiateDeviceFlow(deps, { clientId, scope, verificationUri: urlOf(DEVICE) }))
  },
)

export const verify = openOperation(
  {
    method: "get",
    path: DEVICE,
    operationId: "auth_do_device_flow",
    tags: ["auth"],
    query: z.object({ user_code: text }),
    errors: [429, 502],
    responses: { 200: { schema: anything }, 307: {} },
  },
  async ({ query, deps, urlOf, addressOfCaller }) => {
    await countLogin(deps, addressOfCaller())
    const login = { userCode: query.user_code, redirectUri: urlOf(COMPLETE) }
    return redirect(await signInUrlOfDevice(deps, login))
  },
)

export const complete = openOperation(
  {
    method: "get",
    path: COMPLETE,
    operationId: "auth_finish_device_flow",
    tags: ["auth"],
    query: z.object({ code: text, state: text }),
    errors: [401, 502],
    responses: { 200: { schema: anything }, 307: {} },
  },
  async ({ query, deps, urlOf }) => {
    await finishDeviceFlow(deps, { ...query, redirectUri: urlOf(COMPLETE) })
    return redirect(urlOf(FINISHED))
  },
)

export const finished = openOperation(
  {
    method: "get",
    path: FINISHED,
    operationId: "auth_finished",
    tags: ["auth"],
    responses: { 200: { schema: anything } },
  },
  () => html(finishedPage),
)
