/** Lets one piece of work run at a time, in the order of asking. */
export class WriteQueue {
  #last: Promise<unknown> = Promise.resolve()

  /** Runs the work when all that was asked before has ended, well or badly. */
  run<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = this.#last.then(work)
    this.#last = turn.catch(() => undefined)
    return turn
  }
}
