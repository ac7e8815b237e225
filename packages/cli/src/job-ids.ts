/** What one command may change at once; more would be a slip of the keyboard. */
export const MOST_JOBS = 10_000

const SPAN = /^(\d{1,15})(?:-(\d{1,15}))?$/

/** Reads "1,2,5-9" into its ids, each once; undefined if it is no such list, or one of too many. */
export function parseJobIds(text: string): number[] | undefined {
  const ids = new Set<number>()
  for (const part of text.split(",")) {
    const [, from, to = from] = SPAN.exec(part.trim()) ?? []
    const [first, last] = [Number(from), Number(to)]
    if (!(first >= 1 && first <= last) || ids.size + last - first >= MOST_JOBS) return undefined
    for (let id = first; id <= last; id++) ids.add(id)
  }
  return [...ids]
}

/** The ids in their order, as parseJobIds reads them; spans of three and more are drawn together. */
export function jobIdsText(ids: Iterable<number>): string {
  const spans: [first: number, last: number][] = []
  for (const id of [...ids].sort((a, b) => a - b)) {
    const span = spans.at(-1)
    if (span !== undefined && id === span[1] + 1) span[1] = id
    else spans.push([id, id])
  }
  return spans
    .map(([first, last]) => {
      if (first === last) return String(first)
      return last === first + 1 ? `${first}, ${last}` : `${first}-${last}`
    })
    .join(", ")
}
