import { expect, it } from "vitest"
import * as z from "zod"
import { readSettings } from "@spinor/core/settings/settings"
import { newKeystore } from "../../support/service.ts"
import { serviceVectorsOf } from "../../support/vectors.ts"

const PREFIX = "DIRACX_SERVICE_AUTH_"

it.each(serviceVectorsOf("security.json", "defaults"))(
  "an empty environment means what it means in DiracX: $name",
  ({ input, output }) => {
    expect(input["env_prefix"]).toBe(PREFIX)
    const defaults = new Map<string, unknown>([
      ...Object.entries(readSettings({})),
      // Unset, this one is left to the keystore.
      [`${PREFIX}TOKEN_ALLOWED_ALGORITHMS`, newKeystore().allowedAlgorithms],
    ])
    for (const [name, value] of Object.entries(z.record(z.string(), z.unknown()).parse(output))) {
      expect([name, defaults.get(`${PREFIX}${name.toUpperCase()}`)]).toEqual([name, value])
    }
  },
)
