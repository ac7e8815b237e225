import { search } from "./search.ts"
import { setStatuses } from "./set-statuses.ts"
import { submit } from "./submit.ts"
import { summary } from "./summary.ts"

export const jobs = [submit, search, summary, setStatuses]
