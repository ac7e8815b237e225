import { randomBytes } from "node:crypto"

/** So many bytes of randomness; enters from a composition root, so that a test can fix it. */
export type RandomBytes = (size: number) => Buffer

/** Cryptographically strong bytes of the operating system. */
export const systemRandom: RandomBytes = (size) => randomBytes(size)
