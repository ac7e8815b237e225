import { expect, it } from "vitest"
import { instant } from "@spinor/core/instant"
import { systemRandom } from "@spinor/core/security/random"
import { instantOfUuid7, lowestUuid7, parseUuid, uuid7 } from "@spinor/core/security/uuid7"

const at = instant("2024-05-03T12:34:56.789123Z")

it("makes UUIDs of version 7 and variant 10 of its random bytes", () => {
  expect(uuid7(at, (size) => Buffer.alloc(size, 0xff))).toBe("018f3e73-5495-7fff-bfff-ffffffffffff")
  expect(uuid7(at, systemRandom)).toMatch(
    /^018f3e73-5495-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/,
  )
})

it("reads their time to the millisecond", () => {
  expect(instantOfUuid7(uuid7(at, systemRandom))).toBe("2024-05-03T12:34:56.789000Z")
})

it("sorts what was made in a millisecond after its lowest", () => {
  expect(uuid7(at, systemRandom) >= lowestUuid7(at)).toBe(true)
})

it.each([
  "018f3e2a7c017abc9def0123456789ab",
  "urn:uuid:018f3e2a-7c01-7abc-9def-0123456789ab",
  "{018F3E2A-7C01-7ABC-9DEF-0123456789AB}",
])("reads the spelling %s", (text) => {
  expect(parseUuid(text)).toBe("018f3e2a-7c01-7abc-9def-0123456789ab")
})

it.each([
  "{018f3e2a7c017abc9def0123456789ab}",
  "018f-3e2a7c017abc9def0123456789ab",
  " 018f3e2a-7c01-7abc-9def-0123456789ab",
  "018f3e2a-7c01-7abc-9def-0123456789ab\n",
])("does not read %j", (text) => {
  expect(() => parseUuid(text)).toThrow("badly formed hexadecimal UUID string")
})

it("takes a version 7 of another variant for no UUIDv7", () => {
  expect(() => instantOfUuid7("018f3e2a-7c01-7abc-1def-0123456789ab")).toThrow("is not a UUIDv7")
})
