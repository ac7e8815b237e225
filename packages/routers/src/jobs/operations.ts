import { heartbeat } from "./heartbeat.ts"
import { metadata } from "./metadata.ts"
import { reschedule } from "./reschedule.ts"
import { search } from "./search.ts"
import { searchParameters } from "./search-parameters.ts"
import { setStatuses } from "./set-statuses.ts"
import { submit } from "./submit.ts"
import { summary } from "./summary.ts"

export const jobs = [
  submit,
  search,
  summary,
  setStatuses,
  heartbeat,
  metadata,
  searchParameters,
  reschedule,
]
