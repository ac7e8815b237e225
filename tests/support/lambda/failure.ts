/** What Lambda answers who invoked a function that failed, or did not answer as it must. */
export class LambdaFailure extends Error {
  override readonly name = "LambdaFailure"
  /** The name of the function's error, or Lambda's own, such as Sandbox.Timedout. */
  readonly type: string

  constructor(type: string, message: string) {
    super(message)
    this.type = type
  }
}

/** Of the error that a runtime tells of: `{"errorType": …, "errorMessage": …}`. */
export function failureOf(body: string): LambdaFailure {
  const { errorType, errorMessage } = Object(JSON.parse(body))
  return new LambdaFailure(String(errorType), String(errorMessage))
}
