import { InvalidRequestError } from "../errors.ts"

/** A job description that cannot be accepted (400); the message begins with DiracX's words. */
export class JdlError extends InvalidRequestError {
  override readonly name = "JdlError"
  /** What is wrong, without DiracX's words. */
  readonly reason: string

  constructor(reason: string) {
    super(`JDL syntax error: ${reason}`)
    this.reason = reason
  }
}

const SHOWN = 80

/** As much of a text as an error message should hold. */
export const excerpt = (text: string): string =>
  text.length > SHOWN ? `${text.slice(0, SHOWN).toWellFormed()}…` : text
