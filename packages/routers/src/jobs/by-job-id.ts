/** What a body says of jobs, by their ids; of two spellings of an id the last one holds. */
export const byJobId = <Value>(body: Readonly<Record<string, Value>>): Map<number, Value> =>
  new Map(Object.entries(body).map(([jobId, value]) => [Number(jobId), value]))
