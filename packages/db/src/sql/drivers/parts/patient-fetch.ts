import { SILENT } from "../../dialects/fault.ts"

/** Fetches, but does not wait for an answer for longer than that; 0 waits for ever. */
export async function patientFetch(
  target: string | Request,
  init: object | undefined,
  milliseconds: number,
): Promise<Response> {
  const patience = milliseconds > 0 && { signal: AbortSignal.timeout(milliseconds) }
  try {
    return await fetch(target, { ...init, ...patience })
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "TimeoutError") throw error
    throw Object.assign(new Error("The server keeps silent", { cause: error }), { code: SILENT })
  }
}
