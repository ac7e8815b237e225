// They share so much that they are loaded together: one file instead of fifty.
export { auth } from "./auth/operations.ts"
export { health } from "./health/operations.ts"
export { jobs } from "./jobs/operations.ts"
export { pilots } from "./pilots/operations.ts"
export { rss } from "./rss/operations.ts"
export { sandboxes } from "./sandboxes/operations.ts"
