/** What is to be uploaded: the store takes nothing else. */
export interface Upload {
  readonly key: string
  /** In bytes. */
  readonly size: number
  readonly algorithm: "sha256"
  /** In hexadecimal digits. */
  readonly checksum: string
}

/** A form to be sent as multipart/form-data: the fields, and after them the bytes as `file`. */
export interface SignedUpload {
  /** A path of the service itself where it has no host. */
  readonly url: string
  readonly fields: Readonly<Record<string, string>>
}

/** The SE of the sandboxes. Clients carry the bytes themselves, by URLs that the store has signed. */
export interface SandboxStore {
  readonly seName: string
  /** The second part of a PFN. */
  readonly bucket: string
  readonly urlValiditySeconds: number
  /** @throws UnavailableError when the store does not answer */
  exists(key: string): Promise<boolean>
  /** Why it cannot be used at this moment, in words for people; undefined when it can. */
  problem(): Promise<string | undefined>
  signUpload(upload: Upload): Promise<SignedUpload>
  /** A URL; a path of the service itself where it has no host. */
  signDownload(key: string): Promise<string>
  /**
   * Removes objects, at most a thousand, in one request, and gives the keys of those that stayed; one
   * that is not there is removed already.
   * @throws UnavailableError when the store does not answer
   */
  remove(keys: readonly string[]): Promise<string[]>
}
