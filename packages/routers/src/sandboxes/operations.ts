import * as z from "zod"
import {
  SandboxDownloadResponse,
  SandboxInfo,
  SandboxPfn,
  SandboxUploadResponse,
} from "@spinor/core/models/sandboxes"
import { signDownload } from "@spinor/logic/sandboxes/download"
import { mustCreateSandboxes, mustReadSandbox } from "@spinor/logic/sandboxes/policy"
import { initiateUpload } from "@spinor/logic/sandboxes/upload"
import { json } from "../http/answers.ts"
import { operation } from "../operation.ts"
import { assign, listAll, listOne, unassign, unassignMany } from "./of-jobs.ts"

const initiate = operation(
  {
    method: "post",
    path: "/api/jobs/sandbox",
    operationId: "jobs_initiate_sandbox_upload",
    tags: ["jobs"],
    json: SandboxInfo,
    responses: { 200: { schema: SandboxUploadResponse } },
  },
  (_, user) => mustCreateSandboxes(user),
  async ({ json: info, deps, urlOf }, user) => {
    const { pfn, upload } = await initiateUpload(deps, user, info)
    if (upload === undefined) return json({ pfn, url: null, fields: {} })
    return json({ pfn, url: absolute(upload.url, urlOf), fields: upload.fields })
  },
)

const download = operation(
  {
    method: "get",
    path: "/api/jobs/sandbox",
    operationId: "jobs_get_sandbox_file",
    tags: ["jobs"],
    query: z.object({ pfn: SandboxPfn() }),
    responses: { 200: { schema: SandboxDownloadResponse } },
  },
  async ({ query: { pfn }, deps }, user) => await mustReadSandbox(deps, user, pfn),
  async ({ query: { pfn }, deps, urlOf }) => {
    const url = absolute(await signDownload(deps, pfn), urlOf)
    return json({ url, expires_in: deps.sandboxStore.urlValiditySeconds })
  },
)

const absolute = (url: string, urlOf: (path: string) => string): string =>
  url.startsWith("/") ? urlOf(url) : url

export const sandboxes = [initiate, download, unassignMany, listAll, unassign, assign, listOne]
