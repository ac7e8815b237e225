/** The statuses that a request may name, in DiracX's order. */
export const JOB_STATUSES = [
  "Submitting",
  "Received",
  "Checking",
  "Staging",
  "Waiting",
  "Matched",
  "Running",
  "Stalled",
  "Completing",
  "Done",
  "Completed",
  "Failed",
  "Deleted",
  "Killed",
  "Rescheduled",
] as const

export type JobStatus = (typeof JOB_STATUSES)[number]

/** The payload has finished. */
export const FINAL_STATUSES = [
  "Done",
  "Completed",
  "Failed",
  "Killed",
] as const satisfies JobStatus[]

/** Whether the payload of a job in this status has finished. */
export const isFinal = (status: string): boolean => FINAL_STATUSES.some((final) => final === status)

/** Minor statuses that the service itself sets. */
export const JOB_MINOR_STATUSES = {
  accepted: "Job accepted",
  bulkConfirmation: "Bulk transaction confirmation",
  rescheduled: "Job Rescheduled",
  maxRescheduling: "Maximum of reschedulings reached",
} as const
