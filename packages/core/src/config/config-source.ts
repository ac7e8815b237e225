import type { Clock } from "../instant.ts"
import type { Revision } from "./revision.ts"
import type { ConfigOptions } from "./schema.ts"

/** Where the configuration comes from; `configSource` makes one of a URL. */
export interface ConfigSource {
  /**
   * The revision in force, at most 5 s behind its source while that answers.
   * @throws UnavailableError while no revision could ever be read
   */
  latest(): Promise<Revision>
  /** Why the revision in force may not be the newest, in a sentence that anybody may read. */
  problem?(): string | undefined
}

/** How a repository behind HTTP is read. */
export interface RemoteOptions {
  /** How long a look at it, with all that follows, may take: 10,000 ms unless given. */
  readonly timeout?: number
  /** Where a commit may stand while it is read; the system's folder for temporary files unless given. */
  readonly folder?: string
}

export interface ConfigSourceOptions extends ConfigOptions, RemoteOptions {
  readonly clock: Clock
  /** Told when the source cannot be read or a revision is broken, once until that changes. */
  readonly onProblem: (error: unknown) => void
}
