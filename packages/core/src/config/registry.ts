import * as z from "zod"
import { boolean, decimal, integer, text } from "../models/lax.ts"
import { emailAddress } from "./email.ts"
import { list, mapping, optional, section, set, type Leniency } from "./fields.ts"

const email = text.transform((value, context) => {
  try {
    return emailAddress(value)
  } catch (error) {
    context.addIssue({ code: "custom", message: error instanceof Error ? error.message : "" })
    return z.NEVER
  }
})

/** An account of a VO; its key in the configuration is the subject at the VO's identity provider. */
const user = (leniency: Leniency) =>
  section({
    PreferedUsername: text,
    DNs: list(leniency).default([]),
    Email: optional(email, leniency),
    Suspended: list(leniency).default([]),
    /** Megabytes. */
    Quota: optional(integer, leniency),
  })

const group = (leniency: Leniency) =>
  section({
    AutoAddVOMS: boolean.default(false),
    AutoUploadPilotProxy: boolean.default(false),
    AutoUploadProxy: boolean.default(false),
    JobShare: integer.default(1000),
    Properties: set(leniency),
    Quota: optional(integer, leniency),
    /** Subjects of the users. */
    Users: set(leniency),
    AllowBackgroundTQs: boolean.default(false),
    VOMSRole: optional(text, leniency),
    AutoSyncVOMS: boolean.default(false),
  })

/** What the configuration says of one VO (DiracX's RegistryConfig). */
export const registry = (leniency: Leniency) =>
  section({
    IdP: section({ URL: text, ClientID: text }),
    Support: section({
      Email: optional(text, leniency),
      Webpage: optional(text, leniency),
      Message: text.default("Please contact system administrator"),
    }).prefault({}),
    DefaultGroup: text,
    /** Gigabytes. */
    DefaultStorageQuota: decimal.default(0),
    /** Seconds. */
    DefaultProxyLifeTime: integer.default(12 * 60 * 60),
    VOMSName: optional(text, leniency),
    Users: mapping(user(leniency)),
    Groups: mapping(group(leniency)),
  })
