import { randomUUID } from "node:crypto"
import { announced } from "../../support/stored-sandboxes.ts"
import type { Belongings } from "./belongings.ts"
import type { Who } from "./callers.ts"

/** Who may make a call that concerns what belongs to alice of testvo; everybody else gets a 403. */
interface Access {
  readonly operationId: string
  readonly serves: (who: Who) => boolean
  /** Who sees something of it in the answer; nobody unless given. */
  readonly shows?: (who: Who) => boolean
  /** The call; parameters of the path are filled in by their names. */
  readonly body?: (of: Belongings) => unknown
  readonly query?: (of: Belongings) => string
}

const everybody = () => true
const users = ({ property }: Who) => property === "NormalUser"
const jobAdministrators = ({ property }: Who) => property === "JobAdministrator"
const serviceAdministrators = ({ property }: Who) => property === "ServiceAdministrator"
const pilots = ({ property }: Who) => property === "GenericPilot"
const theVo = ({ isOfVo }: Who) => isOfVo

const queriesJobs = (who: Who) => users(who) || jobAdministrators(who)
const readsJob = (who: Who) => (users(who) && who.isOwner) || jobAdministrators(who)
const managesJob = (who: Who) => readsJob(who) || pilots(who)
const managesPilot = (who: Who) => serviceAdministrators(who) || (pilots(who) && theVo(who))
const readsPilots = (who: Who) => !pilots(who)
const seesPilots = (who: Who) => readsPilots(who) && (theVo(who) || serviceAdministrators(who))
const managesToken = (who: Who) => who.isOwner || who.property === "ProxyManagement"

/** What DiracX's policies say, and who sees what. An operation that is new needs a line. */
export const accesses: readonly Access[] = [
  { operationId: "auth_userinfo", serves: everybody },
  { operationId: "auth_get_refresh_tokens", serves: everybody, shows: managesToken },
  { operationId: "auth_revoke_refresh_token_by_jti", serves: managesToken },
  { operationId: "config_serve_config", serves: everybody },
  {
    operationId: "jobs_submit_jdl_jobs",
    serves: users,
    body: () => ['Executable = "true";'],
  },
  {
    operationId: "jobs_search",
    serves: queriesJobs,
    shows: (who) => queriesJobs(who) && theVo(who),
    body: ({ mark }) => ({ search: [{ parameter: "JobName", operator: "eq", value: mark }] }),
  },
  {
    operationId: "jobs_summary",
    serves: queriesJobs,
    shows: (who) => queriesJobs(who) && theVo(who),
    body: () => ({ grouping: ["JobName"] }),
  },
  {
    operationId: "jobs_set_job_statuses",
    serves: managesJob,
    body: ({ jobId }) => ({ [jobId]: { "2026-11-01T12:00:00Z": { Status: "Killed" } } }),
  },
  {
    operationId: "jobs_set_job_statuses",
    serves: jobAdministrators,
    query: () => "force=true",
    body: ({ jobId }) => ({ [jobId]: { "2026-11-01T12:00:00Z": { Status: "Done" } } }),
  },
  {
    operationId: "jobs_add_heartbeat",
    serves: managesJob,
    body: ({ jobId }) => ({ [jobId]: { LoadAverage: 1 } }),
  },
  {
    operationId: "jobs_patch_metadata",
    serves: managesJob,
    body: ({ jobId }) => ({ [jobId]: { Site: "LCG.CERN.ch", HostName: "wn1" } }),
  },
  {
    operationId: "jobs_search_parameters",
    serves: queriesJobs,
    shows: (who) => queriesJobs(who) && theVo(who),
    body: ({ jobId }) => ({ search: [{ parameter: "JobID", operator: "eq", value: jobId }] }),
  },
  {
    operationId: "jobs_reschedule_jobs",
    serves: managesJob,
    // The job description, which holds the job's name.
    shows: managesJob,
    body: ({ jobId }) => ({ job_ids: [jobId] }),
  },
  { operationId: "jobs_initiate_sandbox_upload", serves: users, body: () => announced() },
  {
    operationId: "jobs_get_sandbox_file",
    serves: readsJob,
    // By a URL that is sealed.
    query: ({ pfn }) => new URLSearchParams({ pfn }).toString(),
  },
  { operationId: "jobs_get_job_sandboxes", serves: readsJob, shows: readsJob },
  { operationId: "jobs_get_job_sandbox", serves: readsJob, shows: readsJob },
  {
    operationId: "jobs_assign_sandbox_to_job",
    serves: managesJob,
    body: ({ pfn }) => JSON.stringify(pfn),
  },
  { operationId: "jobs_unassign_job_sandboxes", serves: managesJob },
  {
    operationId: "jobs_unassign_bulk_jobs_sandboxes",
    serves: managesJob,
    body: ({ jobId }) => ({ job_ids: [jobId] }),
  },
  {
    operationId: "pilots_register_pilot",
    serves: managesPilot,
    body: () => ({ vo: "testvo", pilot_stamp: randomUUID().slice(0, 32) }),
  },
  {
    operationId: "pilots_update_pilot_metadata",
    serves: managesPilot,
    body: ({ mark }) => ({ [mark]: { Status: "Done" } }),
  },
  {
    operationId: "pilots_search",
    serves: readsPilots,
    shows: seesPilots,
    body: ({ mark }) => ({ search: [{ parameter: "PilotStamp", operator: "eq", value: mark }] }),
  },
  {
    operationId: "pilots_search",
    serves: readsPilots,
    shows: seesPilots,
    // The pilots of a job.
    body: ({ jobId }) => ({ search: [{ parameter: "JobID", operator: "eq", value: jobId }] }),
  },
  {
    operationId: "pilots_summary",
    serves: readsPilots,
    shows: seesPilots,
    body: () => ({ grouping: ["PilotStamp"] }),
  },
  {
    operationId: "pilots_update_parameters",
    serves: managesPilot,
    body: ({ mark }) => ({ [mark]: { HostName: "wn1" } }),
  },
  {
    operationId: "pilots_search_parameters",
    serves: readsPilots,
    shows: seesPilots,
    body: ({ mark }) => ({ search: [{ parameter: "PilotStamp", operator: "eq", value: mark }] }),
  },
  {
    operationId: "pilots_add_logs",
    serves: managesPilot,
    body: ({ mark }) => ({ [mark]: [{ sequence: 1, time: "2026-11-01T12:00:00Z", text: mark }] }),
  },
  {
    operationId: "pilots_search_logs",
    serves: readsPilots,
    shows: seesPilots,
    body: ({ mark }) => ({ search: [{ parameter: "PilotStamp", operator: "eq", value: mark }] }),
  },
  { operationId: "rss_get_storage_status", serves: everybody, shows: theVo },
  { operationId: "rss_get_compute_status", serves: everybody, shows: theVo },
  { operationId: "rss_get_site_status", serves: everybody, shows: theVo },
  { operationId: "rss_get_fts_status", serves: everybody, shows: theVo },
]
