import * as z from "zod"
import { integer } from "@spinor/core/models/lax"
import { SANDBOX_TYPES, SandboxPfn, UnassignRequest } from "@spinor/core/models/sandboxes"
import { mustManageJobs, mustReadJobs } from "@spinor/logic/jobs/policy"
import {
  assignOutputSandbox,
  sandboxesOfJob,
  unassignSandboxes,
} from "@spinor/logic/sandboxes/of-jobs"
import { json, noContent } from "../http/answers.ts"
import { operation } from "../operation.ts"

const job = z.object({ job_id: integer })

export const listAll = operation(
  {
    method: "get",
    path: "/api/jobs/{job_id}/sandbox",
    operationId: "jobs_get_job_sandboxes",
    tags: ["jobs"],
    pathParameters: job,
    responses: { 200: { schema: z.record(z.string(), z.array(z.unknown())) } },
  },
  async ({ path: { job_id: jobId }, deps }, user) => await mustReadJobs(deps, user, [jobId]),
  async ({ path: { job_id: jobId }, deps }) => json(await sandboxesOfJob(deps, jobId)),
)

export const listOne = operation(
  {
    method: "get",
    path: "/api/jobs/{job_id}/sandbox/{sandbox_type}",
    operationId: "jobs_get_job_sandbox",
    tags: ["jobs"],
    pathParameters: job.extend({
      sandbox_type: z.enum(SANDBOX_TYPES, "Input should be 'input' or 'output'"),
    }),
    responses: { 200: { schema: z.array(z.unknown()) } },
  },
  async ({ path: { job_id: jobId }, deps }, user) => await mustReadJobs(deps, user, [jobId]),
  async ({ path: { job_id: jobId, sandbox_type: type }, deps }) => {
    const { Input, Output } = await sandboxesOfJob(deps, jobId)
    return json(type === "input" ? Input : Output)
  },
)

export const assign = operation(
  {
    method: "patch",
    path: "/api/jobs/{job_id}/sandbox/output",
    operationId: "jobs_assign_sandbox_to_job",
    tags: ["jobs"],
    pathParameters: job,
    json: SandboxPfn(),
    responses: { 200: { schema: z.unknown() } },
  },
  async ({ path: { job_id: jobId }, deps }, user) => await mustManageJobs(deps, user, [jobId]),
  async ({ path: { job_id: jobId }, json: pfn, deps }) => {
    await assignOutputSandbox(deps, jobId, pfn)
    return json(null)
  },
)

export const unassign = operation(
  {
    method: "delete",
    path: "/api/jobs/{job_id}/sandbox",
    operationId: "jobs_unassign_job_sandboxes",
    tags: ["jobs"],
    pathParameters: job,
    responses: { 200: { schema: z.unknown() } },
  },
  async ({ path: { job_id: jobId }, deps }, user) => await mustManageJobs(deps, user, [jobId]),
  async ({ path: { job_id: jobId }, deps }) => {
    await unassignSandboxes(deps, [jobId])
    return json(null)
  },
)

export const unassignMany = operation(
  {
    method: "post",
    path: "/api/jobs/sandbox/unassign",
    operationId: "jobs_unassign_bulk_jobs_sandboxes",
    tags: ["jobs"],
    json: UnassignRequest,
    embedded: true,
    responses: { 204: {} },
  },
  async ({ json: { job_ids: jobIds }, deps }, user) => await mustManageJobs(deps, user, jobIds),
  async ({ json: { job_ids: jobIds }, deps }) => {
    await unassignSandboxes(deps, jobIds)
    return noContent
  },
)
