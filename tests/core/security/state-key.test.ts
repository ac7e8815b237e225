import { createHmac } from "node:crypto"
import { describe, expect, it } from "vitest"
import { InvalidRequestError } from "@spinor/core/errors"
import { instant } from "@spinor/core/instant"
import { systemRandom } from "@spinor/core/security/random"
import { newStateKey, openState, parseStateKey, sealState } from "@spinor/core/security/state-key"

/** Key, time and initialisation vector of the examples in the Fernet specification. */
const key = parseStateKey("cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=")
const fixed = {
  clock: () => instant("1985-10-26T08:20:00Z"),
  random: (size: number) => Buffer.from(Array.from({ length: size }, (_, index) => index)),
}

/** What Python's cryptography makes of them and the state {"vo":"lhcb"}, packed as DiracX packs it. */
const sealed =
  "gAAAAAAdwJ6wAAECAwQFBgcICQoLDA0OD-6zbXtUYYcY0C-x2EIQapcVqujwy8gCybSfDAuPH89JPe8dWWKG2mP8VTJXXTyedNqzewbziDuwQ9u-zAacMyA="

/** The same of DiracX itself, whose JSON has blanks and escapes. */
const sealedByDiracx =
  "gAAAAAAdwJ6wAAECAwQFBgcICQoLDA0ODxIKZ3X9mXHcjUD_h_CLFTxDsIriiVXR0XyhYb9QfuuA2oGzesDXDHjI-LU4Tbds7rH4ByCxLVNsIydZs-tNcaTNqn_4W7wOb3kFMQEYljmU"

describe("the state of a login", () => {
  it("is sealed as Python's Fernet seals it", () => {
    expect(sealState({ vo: "lhcb" }, key, fixed)).toBe(sealed)
  })

  it("is opened when DiracX sealed it", () => {
    expect(openState(sealedByDiracx, key)).toEqual({ vo: "lhcb", name: "é" })
  })

  it("is opened with the key that sealed it alone", () => {
    const own = parseStateKey(newStateKey(systemRandom))
    const state = { vo: "lhcb", code_verifier: "x".repeat(64) }
    const text = sealState(state, own, { ...fixed, random: systemRandom })
    expect(openState(text, own)).toEqual(state)
    expect(() => openState(text, key)).toThrow(InvalidRequestError)
  })

  it("is refused when a bit of it is changed", () => {
    const bytes = Buffer.from(sealed, "base64url")
    for (let index = 0; index < bytes.length; index += 1) {
      const changed = Buffer.from(bytes)
      changed.writeUInt8(changed.readUInt8(index) ^ 1, index)
      expect(() => openState(changed.toString("base64url"), key)).toThrow("Invalid state")
    }
  })

  it.each(["", "x", "gAAAAA==", "not base64!", sealed.slice(0, -8), `${sealed} `])(
    "is refused as %j",
    (text) => {
      expect(() => openState(text, key)).toThrow("Invalid state")
    },
  )

  it("is refused when well signed but wrongly padded", () => {
    const body = Buffer.from(sealed, "base64url").subarray(0, -32)
    const cut = body.subarray(0, -16)
    const text = Buffer.concat([cut, createHmac("sha256", key.signing).update(cut).digest()])
    expect(() => openState(text.toString("base64url"), key)).toThrow("Invalid state")
  })
})

it.each(["", "short", "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=x", "c".repeat(42)])(
  "%j is no state key",
  (text) => {
    expect(() => parseStateKey(text)).toThrow("32 url-safe base64-encoded bytes")
  },
)
