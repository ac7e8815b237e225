/**
 * Whether less than so many milliseconds have passed between two moments of a clock. A clock may be set
 * back, as in a container that was frozen or restored: what seems to come has passed.
 */
export const isWithin = (milliseconds: number, since: number, now: number): boolean =>
  now >= since && now - since < milliseconds
