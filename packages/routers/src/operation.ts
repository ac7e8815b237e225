import type * as z from "zod"
import type { SpinorError } from "@spinor/core/errors"
import type { Deps } from "./deps.ts"
import type { Answer } from "./http/answers.ts"
import type { ValidationFault } from "./http/validation.ts"
import type { User } from "./user.ts"

type Fields = z.ZodObject
type Body = z.ZodType
type Output<S> = S extends z.ZodType ? z.output<S> : undefined

/** What a document of the API says of one answer. */
export interface ResponseConfig {
  readonly schema?: z.ZodType
  readonly headers?: Readonly<Record<string, z.ZodType>>
}

/** An operation as its client sees it: where it is, what it takes, what it answers. */
export interface OperationConfig<
  Path extends Fields | undefined = Fields | undefined,
  Query extends Fields | undefined = Fields | undefined,
  Headers extends Fields | undefined = Fields | undefined,
  Json extends Body | undefined = Body | undefined,
  Form extends Fields | undefined = Fields | undefined,
> {
  readonly method: "get" | "post" | "put" | "patch" | "delete"
  /** With parameters in braces, as OpenAPI writes them. */
  readonly path: string
  readonly operationId: string
  /** The service that it belongs to; "spinor" too where DiracX has no such operation. */
  readonly tags: readonly string[]
  readonly pathParameters?: Path
  readonly query?: Query
  readonly headers?: Headers
  readonly json?: Json
  /** Whether a request without a body is accepted; it then reads as null. */
  readonly bodyOptional?: boolean
  /** Whether DiracX takes the fields of the body one by one: what is no object then lacks them all. */
  readonly embedded?: boolean
  readonly form?: Form
  /** The error for a request of the wrong form; a ValidationError (422) unless given. */
  readonly refusal?: (faults: readonly ValidationFault[]) => SpinorError
  readonly responses: Readonly<Record<number, ResponseConfig>>
  /** Statuses of errors that the document lists besides those of every operation. */
  readonly errors?: readonly number[]
  /** Left out of the document, as DiracX does with some. */
  readonly hidden?: boolean
}

/** One call of an operation, its input parsed. */
export interface Call<Config extends OperationConfig> {
  readonly path: Output<Config["pathParameters"]>
  readonly query: Output<Config["query"]>
  readonly headers: Output<Config["headers"]>
  readonly json: Output<Config["json"]>
  readonly form: Output<Config["form"]>
  readonly deps: Deps
  /** The service's URL for a path of its own. */
  readonly urlOf: (path: string) => string
  /** The caller's network address, where there is one. */
  readonly addressOfCaller: () => string | undefined
}

/** An operation of the API, ready to be mounted. */
export interface Operation {
  readonly config: OperationConfig
  /** Whether it asks for an access token. */
  readonly authenticated: boolean
  readonly answer: (call: Call<OperationConfig>, user: User | undefined) => Answer | Promise<Answer>
}

/**
 * An operation for those who have an access token. `permit` refuses, by throwing, a caller who may
 * not do what the parsed request asks: an operation that does not say who may call it does not compile.
 */
export function operation<const Config extends OperationConfig>(
  config: Config,
  permit: (call: Call<Config>, user: User) => void | Promise<void>,
  handle: (call: Call<Config>, user: User) => Answer | Promise<Answer>,
): Operation {
  return {
    config,
    authenticated: true,
    async answer(call, user) {
      if (user === undefined) throw new Error("An operation was mounted without authentication")
      // The input was parsed by this very config, which the list of operations has forgotten.
      const parsed = call as Call<Config>
      await permit(parsed, user)
      return await handle(parsed, user)
    },
  }
}

/** An operation that asks for no token: anybody may call it. */
export function openOperation<const Config extends OperationConfig>(
  config: Config,
  handle: (call: Call<Config>) => Answer | Promise<Answer>,
): Operation {
  return {
    config,
    authenticated: false,
    answer: handle,
  }
}

/** For operations on which nothing but the token decides. */
export const anyUser = (): void => undefined
