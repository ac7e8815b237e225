import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { describe, expect, it, onTestFinished } from "vitest"
import { KeystoreError, loadKeystore, parseKeystore } from "@spinor/core/security/keystore"
import { keystoreText, newSigningKey, rotateKeystore } from "@spinor/core/security/new-keys"

const ed25519 = newSigningKey("Ed25519", "e")
const rs256 = newSigningKey("RS256", "r")

describe("a keystore", () => {
  it("shows the public members of every key, and no other", () => {
    const { publicKeys } = parseKeystore(keystoreText([ed25519, rs256]))
    expect(publicKeys.keys.map((key) => Object.keys(key).sort())).toEqual([
      ["alg", "crv", "key_ops", "kid", "kty", "x"],
      ["alg", "e", "key_ops", "kid", "kty", "n"],
    ])
  })

  it("signs with the first key that may", () => {
    const verifying = { ...ed25519, key_ops: ["verify"] }
    expect(parseKeystore(keystoreText([verifying, rs256])).signingKey.kid).toBe("r")
  })

  it("names a key without an id by its thumbprint (RFC 8037, appendix A.3)", () => {
    const key = {
      kty: "OKP",
      crv: "Ed25519",
      d: "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
      x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
      key_ops: ["sign"],
    }
    expect(parseKeystore(keystoreText([key])).signingKey).toMatchObject({
      kid: "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",
      algorithm: "Ed25519",
    })
  })

  it("verifies with a key of that id, algorithm and use alone", () => {
    const signing = { ...newSigningKey("Ed25519", "s"), key_ops: ["sign"] }
    const encrypting = { ...newSigningKey("RS256", "u"), use: "enc" }
    const keystore = parseKeystore(keystoreText([ed25519, rs256, signing, encrypting]))
    expect(keystore.verificationKey("e", "Ed25519")?.kid).toBe("e")
    expect(keystore.verificationKey("r", "RS256")?.kid).toBe("r")
    expect(keystore.verificationKey("e", "RS256")).toBeUndefined()
    expect(keystore.verificationKey("e", "EdDSA")).toBeUndefined()
    expect(keystore.verificationKey("r", "none")).toBeUndefined()
    expect(keystore.verificationKey("s", "Ed25519")).toBeUndefined()
    expect(keystore.verificationKey("u", "RS256")).toBeUndefined()
    expect(keystore.verificationKey(undefined, "Ed25519")).toBeUndefined()
  })

  it("verifies a token without a key id when it has one key", () => {
    expect(parseKeystore(keystoreText([ed25519])).verificationKey(undefined, "Ed25519")?.kid).toBe(
      "e",
    )
  })

  it("passes over keys of a kind that it does not know", () => {
    const { publicKeys } = parseKeystore(keystoreText([{ kty: "AKP", kid: "p" }, ed25519]))
    expect(publicKeys.keys.map(({ kid }) => kid)).toEqual(["p", "e"])
  })

  it.each([
    ["x", "not JSON"],
    ["[]", "not a JWKS"],
    ["{}", "not a JWKS"],
    [keystoreText([]), "not a JWKS"],
    [keystoreText([{ ...ed25519, key_ops: ["verify"] }]), 'no key with "sign"'],
    [keystoreText([{ ...ed25519, alg: "ES256" }]), "the signing key e is for ES256"],
    [keystoreText([{ ...ed25519, alg: "RS256" }]), "the signing key e is for RS256"],
    [keystoreText([{ ...ed25519, d: "x" }]), "the key e of the keystore cannot be read"],
  ])("is refused with its reason: %s", (text, reason) => {
    expect(() => parseKeystore(text)).toThrow(KeystoreError)
    expect(() => parseKeystore(text)).toThrow(reason)
  })

  it("refuses an algorithm that is not allowed", () => {
    expect(() => parseKeystore(keystoreText([rs256]), ["Ed25519"])).toThrow(
      "the signing key r is for RS256: allowed are Ed25519",
    )
  })

  it("is read from JSON text, a file:// URL or a path", async () => {
    const folder = await mkdtemp(join(tmpdir(), "spinor-keys-"))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    const file = join(folder, "jwks.json")
    await writeFile(file, keystoreText([ed25519]))
    for (const value of [keystoreText([ed25519]), file, pathToFileURL(file).href]) {
      expect((await loadKeystore(value)).signingKey.kid).toBe("e")
    }
    await expect(loadKeystore(join(folder, "none"))).rejects.toThrow(KeystoreError)
    await expect(loadKeystore("https://example.com/jwks")).rejects.toThrow("file:// URL")
  })
})

it("rotation adds a key that signs, and the older ones go on verifying", () => {
  const keystore = parseKeystore(rotateKeystore(keystoreText([ed25519]), rs256))
  expect(keystore.signingKey.kid).toBe("r")
  expect(keystore.verificationKey("e", "Ed25519")?.kid).toBe("e")
  expect(keystore.publicKeys.keys.map((key) => key["key_ops"])).toEqual([
    ["sign", "verify"],
    ["verify"],
  ])
})

it("rotation does not take a key id twice", () => {
  expect(() => rotateKeystore(keystoreText([ed25519]), ed25519)).toThrow("the key id is in use")
})
