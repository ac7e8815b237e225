import type { RequestListener } from "node:http"
import { epochMilliseconds, type Clock } from "@spinor/core/instant"
import type { StateKey } from "@spinor/core/security/state-key"
import type { SandboxStore } from "@spinor/logic/sandboxes/store"
import { openDisk } from "./disk.ts"
import { diskListener } from "./disk-listener.ts"
import { permits, type DownloadPermit, type UploadPermit } from "./permits.ts"

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
  /** Told of what goes wrong on the disk. */
  readonly onProblem: (error: unknown) => void
}

export interface DiskStore {
  readonly store: SandboxStore
  /** Takes and gives the bytes, for requests at SANDBOXES_PATH. */
  readonly listener: RequestListener
  /** Removes what uploads have left that were broken off by the end of a process. */
  readonly sweep: () => Promise<void>
}

/** Keeps sandboxes on this machine's disk, under the conditions that S3 is told to enforce. */
export function diskStore(options: DiskStoreOptions): DiskStore {
  const { folder, stateKey, clock, onProblem, ...named } = options
  const disk = openDisk(folder)
  const uploads = permits<UploadPermit>(stateKey, "upload")
  const downloads = permits<DownloadPermit>(stateKey, "download")
  const expires = () => epochMilliseconds(clock()) + named.urlValiditySeconds * 1000
  return {
    store: {
      ...named,
      exists: async (key) => (await disk.sizeOf(key)) !== undefined,
      problem: async () => undefined,
      signUpload: async ({ key, size, checksum }) => ({
        url: SANDBOXES_PATH,
        fields: uploads.sign({ key, size, checksum, expires: expires() }),
      }),
      signDownload: async (key) => {
        const signed = downloads.sign({ key, expires: expires() })
        return `${SANDBOXES_PATH}?${new URLSearchParams(signed).toString()}`
      },
      async remove(keys) {
        for (const key of keys) await disk.remove(key)
        return []
      },
    },
    listener: diskListener({ disk, uploads, downloads, clock, onProblem }),
    sweep: () => disk.sweep(),
  }
}
