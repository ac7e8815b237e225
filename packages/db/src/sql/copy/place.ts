import type { Engine } from "../engine.ts"

/** One end of a copy. */
export interface CopyPlace {
  readonly engine: Engine
  /** Where it is, without its credentials. */
  readonly place: string
}
