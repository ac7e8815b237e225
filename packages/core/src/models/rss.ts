import * as z from "zod"
import { nullableText, text } from "./lax.ts"

const allowed = <Value extends boolean>(value: Value) =>
  z.literal(value).meta({ openapi: { type: "boolean" } })

const AllowedStatus = z
  .object({ allowed: allowed(true), warnings: nullableText })
  .meta({ id: "AllowedStatus" })

const BannedStatus = z
  .object({ allowed: allowed(false), reason: text.default("Unknown") })
  .meta({ id: "BannedStatus" })

const refTo = (name: string) => `#/components/schemas/${name}`

const status = () =>
  z.discriminatedUnion("allowed", [AllowedStatus, BannedStatus]).meta({
    openapi: {
      discriminator: {
        propertyName: "allowed",
        mapping: { true: refTo("AllowedStatus"), false: refTo("BannedStatus") },
      },
      oneOf: [{ $ref: refTo("AllowedStatus") }, { $ref: refTo("BannedStatus") }],
    },
  })

/** Whether something may be used, and what is to be known of that. */
export type ResourceStatus = z.output<ReturnType<typeof status>>

const overall = (id: string) => z.object({ all: status() }).meta({ id })

export const SiteStatus = overall("SiteStatus")
export const ComputeElementStatus = overall("ComputeElementStatus")
export const FTSStatus = overall("FTSStatus")
export type OverallStatus = z.output<typeof SiteStatus>

export const StorageElementStatus = z
  .object({ read: status(), write: status(), check: status(), remove: status() })
  .meta({ id: "StorageElementStatus" })
export type StorageElementStatus = z.output<typeof StorageElementStatus>
