import * as z from "zod"
import {
  ComputeElementStatus,
  FTSStatus,
  SiteStatus,
  StorageElementStatus,
} from "@spinor/core/models/rss"
import {
  computeElementStatuses,
  ftsStatuses,
  siteStatuses,
  statusesFor,
  storageElementStatuses,
  viewRevision,
  type StatusList,
} from "@spinor/logic/rss/statuses"
import { json, notModified } from "../http/answers.ts"
import { cached, conditions } from "../http/cache.ts"
import { anyUser, operation } from "../operation.ts"

/** Serves a list as the caller's VO sees it; the same URL looks different to another VO. */
const statuses = <Status>(kind: string, model: z.ZodType<Status>, list: StatusList<Status>) =>
  operation(
    {
      method: "get",
      path: `/api/rss/${kind}`,
      operationId: `rss_get_${kind}_status`,
      tags: ["rss"],
      headers: conditions,
      responses: { 200: { schema: z.record(z.string(), model) }, 304: {} },
    },
    anyUser,
    async ({ deps, headers: given }, { vo }) => {
      const { fresh, headers } = cached(await viewRevision(deps, vo, list), given)
      const varying = { ...headers, vary: "Authorization" }
      if (fresh) return notModified(varying)
      return json(await statusesFor(deps, vo, list), 200, varying)
    },
  )

export const rss = [
  statuses("storage", StorageElementStatus, storageElementStatuses),
  statuses("compute", ComputeElementStatus, computeElementStatuses),
  statuses("site", SiteStatus, siteStatuses),
  statuses("fts", FTSStatus, ftsStatuses),
]
