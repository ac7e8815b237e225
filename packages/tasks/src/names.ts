/** Names of tasks that are asked for by messages. */
export const FLUSH_OUTBOXES = "flush_outboxes"
