import { defineConfig } from "vitest/config"
import { missingParts } from "./tests/support/missing-parts.ts"

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    reporters: ["default", missingParts],
  },
})
