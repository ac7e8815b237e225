import { defineConfig } from "oxlint"

/** For each layer: the packages it may not import, and where to go instead. */
const layers: Record<string, [forbidden: string[], instead: string]> = {
  core: [
    ["db", "logic", "routers", "tasks", "client", "cli", "admin", "local", "functions"],
    "core imports nothing of ours: what it needs from outside enters as an argument.",
  ],
  db: [
    ["logic", "routers", "tasks", "cli", "admin", "local", "functions"],
    "db imports core only: a decision belongs in packages/logic, which calls the database class.",
  ],
  logic: [
    ["routers", "tasks", "cli", "admin", "local", "functions"],
    "logic imports core and db: HTTP belongs in packages/routers, the terminal in packages/cli.",
  ],
  routers: [
    ["tasks", "cli", "admin", "local", "functions"],
    "routers import core and logic: what else they need enters through Deps.",
  ],
  tasks: [
    ["routers", "cli", "admin", "local", "functions"],
    "tasks import core, db and logic: what else they need enters through TaskDeps.",
  ],
  cli: [
    ["core", "db", "logic", "routers", "tasks", "local", "functions"],
    "cli speaks HTTP to the service: commands on databases belong in packages/admin.",
  ],
  admin: [
    ["routers", "tasks", "cli", "local", "functions"],
    "admin imports core, db and logic: commands for users belong in packages/cli.",
  ],
  local: [
    ["db", "routers", "tasks", "cli", "admin", "functions"],
    "local imports core and logic: it is joined to the service in functions/server.ts.",
  ],
}

const drivers = [
  "drizzle-orm",
  "mysql2",
  "@libsql/client",
  "@planetscale/database",
  "node:sqlite",
  "postgres",
  "re2js",
  "sql-escaper",
  "@opensearch-project/opensearch",
]

const forbid = (layer: string, [forbidden, message]: [string[], string]) => ({
  files: [`packages/${layer}/src/**/*.ts`],
  rules: {
    "no-restricted-imports": [
      "error",
      {
        patterns: [
          { group: forbidden.flatMap((name) => [`@spinor/${name}`, `@spinor/${name}/*`]), message },
          {
            regex: "^\\.\\./.*(packages|functions|tests)/",
            message: "Import a package by its name.",
          },
          ...(layer === "db"
            ? []
            : [
                {
                  group: drivers.flatMap((name) => [name, `${name}/*`]),
                  message:
                    "Drizzle, drivers and clients stay in packages/db: give its class a method.",
                },
              ]),
        ],
      },
    ] as never,
    "node/no-process-env": "error" as const,
  },
})

export default defineConfig({
  options: { typeAware: true },
  plugins: ["typescript", "unicorn", "oxc", "import", "node", "promise"],
  categories: { correctness: "error", suspicious: "error", perf: "warn" },
  ignorePatterns: ["packages/db/migrations/**", "dist/**"],
  rules: {
    "no-await-in-loop": "off",
    "no-shadow": "off",
    "no-underscore-dangle": "off",
    "oxc/no-map-spread": "off",
    "import/no-unassigned-import": "off",
    "unicorn/no-array-sort": "off",
    "unicorn/no-array-reverse": "off",
    "unicorn/consistent-function-scoping": "off",
    "unicorn/prefer-structured-clone": "off",
    "typescript/no-explicit-any": "error",
    "typescript/no-non-null-assertion": "error",
    "typescript/no-floating-promises": "error",
    "typescript/return-await": ["error", "error-handling-correctness-only"] as never,
    "typescript/no-unsafe-type-assertion": "off",
    "typescript/consistent-return": "off",
    "typescript/no-unnecessary-type-parameters": "off",
    "max-lines": ["error", { max: 300, skipBlankLines: true, skipComments: true }] as never,
  },
  overrides: [
    ...Object.entries(layers).map(([layer, rule]) => forbid(layer, rule)),
    {
      // Resources are made by their constructors, and SST's names are global. `npm run check:infra` knows their types.
      files: ["infra/*.ts", "sst.config.ts"],
      rules: {
        "no-new": "off",
        // Where the platform is not installed, all of its types are unknown.
        "typescript/no-redundant-type-constituents": "off",
        "typescript/triple-slash-reference": "off",
        "no-restricted-imports": [
          "error",
          {
            patterns: [
              {
                group: ["@spinor/*", "../*"],
                message: "infra imports nothing of ours: what it shares with functions are names.",
              },
            ],
          },
        ] as never,
      },
    },
  ],
})
