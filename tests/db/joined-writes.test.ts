import { AsyncLocalStorage } from "node:async_hooks"
import { describe, expect, it, onTestFinished, vi } from "vitest"
import { InvalidRequestError, UnavailableError } from "@spinor/core/errors"
import { JoinedWrites } from "@spinor/db/sql/units/joined-writes"

const LIMITS = { units: 1, rowsOfCall: 10 }

describe("joined writes", () => {
  const deps = {}

  /** Writes whose units of work end when they are told to; of those that are left out the name begins with "out". */
  const startWrites = (limits = LIMITS) => {
    const joined = new JoinedWrites<string, string>(limits)
    const units: { calls: readonly string[]; end: PromiseWithResolvers<void> }[] = []
    const run = async (calls: readonly string[]) => {
      const end = Promise.withResolvers<void>()
      units.push({ calls, end })
      await end.promise
    }
    const alone = async (call: string) => {
      await run([call])
      return `${call} alone`
    }
    const together = async (calls: readonly string[]) => {
      await run(calls)
      const served = calls.filter((call) => !call.startsWith("out"))
      return new Map(served.map((call) => [call, `${call} together`]))
    }
    return {
      write: (call: string, rows: readonly number[], those: object = deps) =>
        joined.write(those, { call, rows, alone: () => alone(call), together }),
      calls: () => units.map(({ calls }) => calls),
      end: (unit: number) => units[unit]?.end.resolve(),
      fail: (unit: number, error: Error) => units[unit]?.end.reject(error),
    }
  }

  /** Of three calls the first has ended, and the others are carried out together. */
  const togetherUnderWay = async ({ write, calls, end }: ReturnType<typeof startWrites>) => {
    const writes = [write("a", [1]), write("b", [2]), write("c", [3])]
    end(0)
    await vi.waitFor(() => expect(calls()).toEqual([["a"], ["b", "c"]]))
    return writes
  }

  it("wait together while one is under way", async () => {
    const started = startWrites()
    const writes = await togetherUnderWay(started)
    started.end(1)
    expect(await Promise.all(writes)).toEqual(["a alone", "b together", "c together"])
  })

  it("do not begin before the one that is under way has ended", () => {
    const { write, calls } = startWrites()
    void write("a", [1])
    void write("b", [2])
    expect(calls()).toEqual([["a"]])
  })

  it("wait while as many are under way as suit the operation", async () => {
    const { write, calls, end } = startWrites({ ...LIMITS, units: 2 })
    const writes = [write("a", [1]), write("b", [2]), write("c", [3]), write("d", [4])]
    expect(calls()).toEqual([["a"], ["b"]])
    end(1)
    await vi.waitFor(() => expect(calls()).toEqual([["a"], ["b"], ["c", "d"]]))
    end(0)
    end(2)
    expect(await Promise.all(writes)).toHaveLength(4)
    void write("e", [5])
    void write("f", [6])
    void write("g", [7])
    expect(calls().slice(3)).toEqual([["e"], ["f"]])
  })

  it("are carried out in the context of who came first of them", async () => {
    const context = new AsyncLocalStorage<string>()
    const joined = new JoinedWrites<string, string>(LIMITS)
    const end = Promise.withResolvers<void>()
    const write = (call: string, row: number) =>
      context.run(call, () =>
        joined.write(deps, {
          call,
          rows: [row],
          alone: async () => {
            await end.promise
            return context.getStore() ?? ""
          },
          together: async (calls) => new Map(calls.map((each) => [each, context.getStore() ?? ""])),
        }),
      )
    const writes = [write("a", 1), write("b", 2), write("c", 3)]
    end.resolve()
    expect(await Promise.all(writes)).toEqual(["a", "b", "b"])
  })

  it("that were left out are carried out alone", async () => {
    const { write, calls, end } = startWrites()
    const writes = [write("a", [1]), write("out", [2]), write("c", [3])]
    end(0)
    await vi.waitFor(() => expect(calls()).toHaveLength(2))
    end(1)
    await vi.waitFor(() => expect(calls()).toEqual([["a"], ["out", "c"], ["out"]]))
    end(2)
    expect(await Promise.all(writes)).toEqual(["a alone", "out alone", "c together"])
  })

  it("of the same row are carried out one after the other, and others go with the first that has room", async () => {
    const { write, calls, end } = startWrites()
    const writes = [write("a", [1]), write("b", [2]), write("c", [3, 2]), write("d", [4])]
    end(0)
    await vi.waitFor(() => expect(calls()).toHaveLength(2))
    end(1)
    await vi.waitFor(() => expect(calls()).toEqual([["a"], ["b", "d"], ["c"]]))
    end(2)
    expect(await Promise.all(writes)).toHaveLength(4)
  })

  it("of many rows do not wait, and nobody waits for them", () => {
    const { write, calls } = startWrites()
    const many = Array.from({ length: 11 }, (_, i) => i)
    void write("many", many)
    void write("a", [1])
    void write("many too", many)
    expect(calls()).toEqual([["many"], ["a"], ["many too"]])
  })

  it("are of 100 rows together at most", async () => {
    const { write, calls, end } = startWrites()
    const rows = (call: number) => Array.from({ length: 10 }, (_, i) => call * 10 + i)
    for (let call = 0; call < 13; call++) void write(String(call), rows(call))
    end(0)
    await vi.waitFor(() => expect(calls()).toHaveLength(2))
    end(1)
    await vi.waitFor(() => expect(calls().map(({ length }) => length)).toEqual([1, 10, 2]))
  })

  it("of others do not wait", () => {
    const { write, calls } = startWrites()
    void write("a", [1])
    void write("b", [2], {})
    expect(calls()).toEqual([["a"], ["b"]])
  })

  it("wait no longer than a moment for one that hangs", async () => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    const { write, calls, end } = startWrites()
    void write("a", [1])
    const waiting = write("b", [2])
    await vi.advanceTimersByTimeAsync(100)
    expect(calls()).toEqual([["a"], ["b"]])
    end(1)
    expect(await waiting).toBe("b together")
  })

  it("begin no other unit when one that hung ends", async () => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    const { write, calls, end } = startWrites()
    const hanging = write("a", [1])
    void write("b", [2])
    await vi.advanceTimersByTimeAsync(100)
    void write("c", [3])
    end(0)
    await hanging
    expect(calls()).toEqual([["a"], ["b"]])
  })

  it("do not wait when all have ended", async () => {
    const { write, calls, end } = startWrites()
    const writes = [write("a", [1]), write("b", [2])]
    end(0)
    await vi.waitFor(() => expect(calls()).toHaveLength(2))
    end(1)
    await Promise.all(writes)
    void write("c", [3])
    expect(calls()).toEqual([["a"], ["b"], ["c"]])
  })

  it("that a database refuses together are carried out by themselves", async () => {
    const started = startWrites()
    const { calls, end, fail } = started
    const writes = await togetherUnderWay(started)
    fail(1, new InvalidRequestError("The database cannot hold or compare a value"))
    await vi.waitFor(() => expect(calls()).toEqual([["a"], ["b", "c"], ["b"], ["c"]]))
    end(2)
    fail(3, new InvalidRequestError("The database cannot hold or compare a value"))
    const outcomes = await Promise.allSettled(writes)
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected"])
  })

  it("are not repeated when the database may have committed them", async () => {
    const started = startWrites()
    const { calls, fail } = started
    const writes = await togetherUnderWay(started)
    fail(1, new UnavailableError("Cannot connect to JobDB"))
    const outcomes = await Promise.allSettled(writes)
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected"])
    expect(calls()).toHaveLength(2)
  })
})
