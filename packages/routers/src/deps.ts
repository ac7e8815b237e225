import type { AuthDeps, AuthSettings } from "@spinor/logic/auth/deps"
import type { JobDeps, JobSettings } from "@spinor/logic/jobs/deps"
import type { PilotDeps } from "@spinor/logic/pilots/deps"
import type { SandboxDeps } from "@spinor/logic/sandboxes/deps"

/** What an administrator decides of the service. */
export interface ServiceSettings extends AuthSettings, JobSettings {
  /** Base of the service's own URLs; from the request if it is not set. */
  readonly publicUrl: string | undefined
  /** Addresses and ranges whose X-Forwarded headers are believed. */
  readonly trustedProxies: readonly string[]
  /** Services that are switched off: their operations are not there. */
  readonly disabledServices: ReadonlySet<string>
  /** The longest body that is read, in bytes. */
  readonly bodyLimit: number
  /** A mailto: or https: URI for those who find a weakness; the VOs' support unless it is set. */
  readonly securityContact: string | undefined
}

/** All that the operations need from outside; made once in a composition root. */
export interface Deps extends AuthDeps, JobDeps, PilotDeps, SandboxDeps {
  readonly settings: ServiceSettings
  /** Reads a file of the API reference page; without it, the page has no look. */
  readonly docsAsset?: (name: string) => Promise<Uint8Array>
}
