import { defineConfig } from "vitest/config"
import { missingParts } from "./tests/support/missing-parts.ts"

/** Tests with a limit of time, which others beside them would make them miss. */
const ALONE = [
  "tests/core/jdl/submission.test.ts",
  "tests/db/os/connection.test.ts",
  "tests/db/sqlite.test.ts",
  "tests/functions/telemetry/*.test.ts",
  "tests/routers/hostile/hostile.test.ts",
]

/** Tests with programs of others, which the first run installs. */
const WITH_PROGRAMS = ["tests/{conformance,container,schemathesis}/**/*.test.ts"]

/** Tests of what a deployment makes, which all look at the same few stages. */
const INFRASTRUCTURE = ["tests/infra/**/*.test.ts"]

/** One group after the other. */
const project = (name: string, groupOrder: number, test: object) => ({
  extends: true as const,
  test: { name, sequence: { groupOrder }, ...test },
})

export default defineConfig({
  test: {
    testTimeout: 20_000,
    hookTimeout: 60_000,
    reporters: ["default", missingParts],
    projects: [
      project("together", 0, {
        include: ["tests/**/*.test.ts"],
        exclude: [...ALONE, ...WITH_PROGRAMS, ...INFRASTRUCTURE],
      }),
      project("alone", 1, { include: ALONE, maxWorkers: 1 }),
      project("with programs", 2, { include: WITH_PROGRAMS }),
      project("infrastructure", 3, { include: INFRASTRUCTURE, maxWorkers: 1, isolate: false }),
    ],
  },
})
