import * as z from "zod"
import { PilotRegistrationParams, PilotsMetadata } from "@spinor/core/models/pilots"
import { updatePilots } from "@spinor/logic/pilots/metadata"
import { mustChangePilots, mustRegisterPilots } from "@spinor/logic/pilots/policy"
import { registerPilot } from "@spinor/logic/pilots/register"
import { json, noContent } from "../http/answers.ts"
import { operation } from "../operation.ts"
import { addLogs, searchLogs } from "./logs.ts"
import { searchParameters, updateParameters } from "./parameters.ts"
import { search, summary } from "./search.ts"

const register = operation(
  {
    method: "post",
    path: "/api/pilots/",
    operationId: "pilots_register_pilot",
    tags: ["pilots"],
    json: PilotRegistrationParams,
    errors: [409],
    responses: { 201: { schema: z.unknown() } },
  },
  ({ json: { vo } }, user) => mustRegisterPilots(user, vo),
  async ({ json: registration, deps }) => {
    await registerPilot(deps, registration)
    return json(null, 201)
  },
)

const updateMetadata = operation(
  {
    method: "patch",
    path: "/api/pilots/metadata",
    operationId: "pilots_update_pilot_metadata",
    tags: ["pilots"],
    json: PilotsMetadata,
    errors: [404],
    responses: { 204: {} },
  },
  async ({ json: updates, deps }, user) => await mustChangePilots(deps, user, Object.keys(updates)),
  async ({ json: updates, deps }) => {
    await updatePilots(deps, updates)
    return noContent
  },
)

export const pilots = [
  register,
  updateMetadata,
  search,
  summary,
  updateParameters,
  searchParameters,
  addLogs,
  searchLogs,
]
