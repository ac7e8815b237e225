/** Operations of DiracX that later issues bring; the list may only shrink. */
export const missing: readonly string[] = [
  "jobs_initiate_sandbox_upload",
  "jobs_get_sandbox_file",
  "jobs_unassign_bulk_jobs_sandboxes",
  "jobs_get_job_sandboxes",
  "jobs_unassign_job_sandboxes",
  "jobs_assign_sandbox_to_job",
  "jobs_get_job_sandbox",
]
