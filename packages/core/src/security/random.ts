import { randomBytes } from "node:crypto"

/** So many bytes of randomness; enters from a composition root, so that a test can fix it. */
export type RandomBytes = (size: number) => Buffer

/** So many are asked for at once: to ask takes longer than to give them out. */
const POOL_BYTES = 4096

/** What was not given out yet. Of a machine that is copied while it runs, each copy would give out the same. */
let pool = Buffer.alloc(0)

/** Cryptographically strong bytes of the operating system, each given out once. */
export const systemRandom: RandomBytes = (size) => {
  if (size > POOL_BYTES) return randomBytes(size)
  if (size > pool.length) pool = randomBytes(POOL_BYTES)
  const given = pool.subarray(0, size)
  pool = pool.subarray(size)
  return given
}
