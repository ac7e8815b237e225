/** When a request has to be answered, where whoever answers is stopped soon after. */
export interface Deadline {
  /** Units of work are broken off and rolled back; one that commits goes on. */
  readonly stop: AbortSignal
  /** An answer is given, whatever is still under way; it comes after `stop`. */
  readonly over: AbortSignal
}
