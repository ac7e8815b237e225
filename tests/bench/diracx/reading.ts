import { GROUP, SITE } from "./rows.ts"
import type { Workload } from "./workload.ts"

const userinfo = {
  as: "user",
  hasFloor: true,
  requests: () => [{ method: "GET", path: "/api/auth/userinfo" }],
  status: 200,
  essence: (body: object) => body,
} satisfies Workload

/** What changes nothing. */
export const reading = {
  ...search("search, first page", "per_page=100", { search: [ofGroup()] }, { hasFloor: true }),
  ...search(
    "search, page 50",
    "per_page=100&page=50",
    { search: [ofGroup()], sort: [{ parameter: "JobID", direction: "desc" }] },
    { hasFloor: true },
  ),
  ...search("search, filtered", "per_page=100", {
    search: [
      { parameter: "Status", operator: "in", values: ["Running", "Waiting"] },
      { parameter: "Site", operator: "eq", value: SITE },
    ],
    sort: [{ parameter: "JobID", direction: "desc" }],
  }),
  ...asked("summary", {
    path: "/api/jobs/summary",
    body: { grouping: ["Status"] },
    hasFloor: true,
    status: 200,
    essence: (groups: object[]) => groups.map((group) => JSON.stringify(group)).toSorted(),
  }),
  configuration: {
    as: "user",
    constant: true,
    hasFloor: true,
    requests: (_, { etag }) => [
      { method: "GET", path: "/api/config/", headers: { "if-none-match": etag } },
    ],
    status: 304,
    essence: () => undefined,
  },
  userinfo: { ...userinfo, constant: true },
  "userinfo, all different": { ...userinfo, ownTokens: true },
  ...asked("pilot search", {
    path: "/api/pilots/search?per_page=100",
    body: { search: [{ parameter: "Status", operator: "eq", value: "Running" }] },
    key: "PilotID",
    status: 206,
    essence: (rows: { PilotStamp: string }[]) => rows.map(({ PilotStamp }) => PilotStamp),
  }),
} satisfies Record<string, Workload>

function ofGroup() {
  return { parameter: "JobGroup", operator: "eq", value: GROUP }
}

type Question = Readonly<Record<string, unknown>> & { readonly search?: readonly object[] }

function search(
  name: string,
  query: string,
  body: Question,
  more: Pick<Workload, "hasFloor"> = {},
) {
  const path = `/api/jobs/search?${query}`
  return asked(name, { path, body, status: 206, essence: (rows: object[]) => rows, ...more })
}

/**
 * Two workloads: the same question by all clients, which a server may answer at one go, and questions that
 * differ in a condition that holds for all rows.
 */
function asked(
  name: string,
  {
    path,
    body,
    key = "JobID",
    hasFloor = false,
    ...right
  }: Pick<Workload, "status" | "essence" | "hasFloor"> & {
    readonly path: string
    readonly body: Question
    /** A column of numbers that are positive. */
    readonly key?: string
  },
): Record<string, Workload> {
  const differing = (number: number) => ({
    ...body,
    search: [...(body.search ?? []), { parameter: key, operator: "gt", value: -number }],
  })
  return {
    [name]: {
      as: "user",
      constant: true,
      hasFloor,
      requests: () => [{ method: "POST", path, body }],
      ...right,
    },
    [`${name}, all different`]: {
      as: "user",
      hasFloor,
      requests: (number) => [{ method: "POST", path, body: differing(number) }],
      ...right,
    },
  }
}
