import type { RequestListener } from "node:http"
import { epochMilliseconds, type Clock } from "@spinor/core/instant"
import type { StateKey } from "@spinor/core/security/state-key"
import type { SandboxStore } from "@spinor/logic/sandboxes/store"
import { openDisk } from "./disk.ts"
import { diskListener } from "./disk-listener.ts"
import { permits } from "./permits.ts"

/** Where the server takes and gives sandboxes. */
export const SANDBOXES_PATH = "/sandboxes"

export interface DiskStoreOptions {
  /** Is made when the first sandbox comes. */
  readonly folder: string
  readonly stateKey: StateKey
  readonly clock: Clock
  readonly seName: string
  readonly bucket: string
  readonly urlValiditySeconds: number
}

export interface DiskStore {
  readonly store: SandboxStore
  /** Takes and gives the bytes, for requests at SANDBOXES_PATH. */
  readonly listener: RequestListener
}

/** Keeps sandboxes on this machine's disk, under the conditions that S3 is told to enforce. */
export function diskStore({ folder, stateKey, clock, ...named }: DiskStoreOptions): DiskStore {
  const disk = openDisk(folder)
  const { sign, verify } = permits(stateKey)
  const expires = () => epochMilliseconds(clock()) + named.urlValiditySeconds * 1000
  return {
    store: {
      ...named,
      exists: (key) => disk.has(key),
      signUpload: async ({ key, size, checksum }) => ({
        url: SANDBOXES_PATH,
        fields: sign({ action: "upload", key, size, checksum, expires: expires() }),
      }),
      signDownload: async (key) => {
        const signed = sign({ action: "download", key, expires: expires() })
        return `${SANDBOXES_PATH}?${new URLSearchParams(signed).toString()}`
      },
    },
    listener: diskListener({ disk, verify, clock }),
  }
}
