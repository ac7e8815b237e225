import type { ResourceStatus } from "@spinor/core/models/rss"
import type { ElementStatus } from "@spinor/db/sql/resource-status/resource-status-db"

const BANNED = new Set(["Banned", "Probing", "Error", "Unknown"])

/** What a status of the Resource Status System means to those who want to use the resource. */
export function usability({ status, reason }: ElementStatus): ResourceStatus {
  if (status === "Active") return { allowed: true, warnings: null }
  if (status === "Degraded") return { allowed: true, warnings: reason || status }
  if (BANNED.has(status)) return { allowed: false, reason: reason || status }
  return { allowed: false, reason: `Unknown status: ${status}` }
}
