type Work<Tx, Result> = (tx: Tx) => Promise<Result>

/** Runs a transaction. Of a work that failed it tells why, and not that its rollback failed too. */
export async function transaction<Tx, Result>(
  db: { transaction: <Any>(work: Work<Tx, Any>) => Promise<Any> },
  work: Work<Tx, Result>,
): Promise<Result> {
  let failure: { error: unknown } | undefined
  const attempt = async (tx: Tx) => {
    try {
      return await work(tx)
    } catch (error) {
      failure = { error }
      throw error
    }
  }
  try {
    return await db.transaction(attempt)
  } catch (error) {
    throw failure === undefined ? error : failure.error
  }
}
