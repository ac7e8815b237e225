import { expect, it, vi } from "vitest"
import { createLog } from "../../functions/compose/log.ts"

it("tells no header that the platform refuses and quotes", () => {
  const written = vi.spyOn(process.stdout, "write").mockReturnValue(true)
  try {
    expect(new Headers({ authorization: "Bearer s3cret\nline" })).toBe("refused")
  } catch (error) {
    createLog().problem(error)
  }
  const [line] = written.mock.calls.flat()
  written.mockRestore()
  expect(line).toContain("is an invalid header value")
  expect(line).not.toContain("s3cret")
})
