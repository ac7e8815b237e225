/** What a deployment of a stage would make, as `main.ts` writes it. */
export interface Synthesis {
  readonly app: { readonly stage: string; readonly removal: string; readonly protect: boolean }
  readonly resources: readonly Resource[]
  readonly functions: readonly BuiltFunction[]
  readonly outputs: Readonly<Record<string, unknown>>
}

export interface Resource {
  /** Such as "aws:sqs/queue:Queue". */
  readonly type: string
  readonly name: string
  /** Secrets are objects that say so, around a value. */
  readonly inputs: Readonly<Record<string, unknown>>
  readonly protect: boolean
  readonly retainOnDelete: boolean
  /** URNs, which end with names. */
  readonly dependencies: readonly string[]
}

/** A function that SST asked its command line to build. */
export interface BuiltFunction {
  readonly name: string
  readonly handler: string
  readonly bundle: string
  readonly files: readonly string[]
  /** The driver of databases that is in the bundle. */
  readonly driver: string | undefined
  /** The linked resources by their names. */
  readonly links: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  /** The same as they lie beside the code, in Base64. */
  readonly encrypted: string
}

/** The account and region that a stage is made for. */
export const ACCOUNT = "123456789012"
export const REGION = "eu-central-1"
