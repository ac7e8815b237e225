import * as z from "zod"
import { boolean } from "../models/lax.ts"
import { ConfigError } from "./error.ts"
import { anything, fieldName, mapping, optional, section, set, type Leniency } from "./fields.ts"
import { operations } from "./operations.ts"
import { registry } from "./registry.ts"
import { inherit, mappingOf } from "./values.ts"

/** How a configuration is read. */
export interface ConfigOptions {
  /** What `DIRAC_COMPAT_ENABLE_CS_CONVERSION` asks for: the values of a converted CFG file, Operations as written. */
  readonly legacyConversion?: boolean
}

/** The configuration of DiracX 0.7.0 (diracx/core/config/schema.py), under the names of the file. */
export const configSchema = (leniency: Leniency) =>
  section({
    DIRAC: section({ NoSetup: boolean.default(false) }),
    Operations: mapping(operations(leniency)),
    Registry: mapping(registry(leniency)),
    Resources: section(
      {
        Computing: section(
          { OSCompatibility: osCompatibility(leniency).prefault({}) },
          { unknownKeys: "ignore" },
        ).prefault({}),
      },
      { unknownKeys: "ignore" },
    ).prefault({}),
    LocalSite: anything,
    LogLevel: anything,
    MCTestingDestination: anything,
    Systems: optional(anything, leniency),
    WebApp: anything,
  })

/** Names and values as `GET /api/config/` serves them, defaults filled in. */
export type Config = z.output<ReturnType<typeof configSchema>>

/** Platforms that run jobs of other platforms; each runs its own. */
const osCompatibility = (leniency: Leniency) =>
  z.preprocess(
    (value) => (leniency.legacyValues ? legacyPlatforms(value) : value),
    mapping(set(leniency)).transform((platforms) => {
      for (const [platform, others] of Object.entries(platforms)) {
        platforms[platform] = [...new Set([...others, platform])].sort()
      }
      return platforms
    }),
  )

/** A converted CFG file repeats the section's name inside it, and lists without blanks. */
function legacyPlatforms(value: unknown): unknown {
  const inner = mappingOf(mappingOf(value)?.get("OSCompatibility") ?? {})
  if (!inner) return value
  return new Map(
    [...inner].map(([platform, others]) => [
      platform,
      typeof others === "string" ? others.replaceAll(" ", "").split(",") : others,
    ]),
  )
}

const schemas = new Map<boolean, ReturnType<typeof configSchema>>()

function schemaFor(legacyValues: boolean): ReturnType<typeof configSchema> {
  const schema = schemas.get(legacyValues) ?? configSchema({ legacyValues })
  schemas.set(legacyValues, schema)
  return schema
}

/**
 * Makes a configuration of what `readYaml` read, or of plain objects.
 * @throws ConfigError that names every fault by its path in the file
 */
export function parseConfig(
  raw: unknown,
  { legacyConversion = false }: ConfigOptions = {},
): Config {
  const file = mappingOf(raw)
  if (!file) throw new ConfigError([{ path: "", message: "The file should hold a mapping" }])
  // Compiling the schema takes longer than the one reading of a revision that a container may live to see.
  const { success, data, error } = schemaFor(legacyConversion).safeParse(
    withInheritance(file, legacyConversion),
    { reportInput: true, jitless: true },
  )
  if (success) return data
  throw new ConfigError(
    error.issues.flatMap(faultsOf).map(({ path, message }) => ({
      path: asWritten(path, file).join("."),
      message,
    })),
  )
}

/** Gives each VO its Operations: what `Defaults` says, overridden by what the VO's own section says. */
function withInheritance(
  file: Map<unknown, unknown>,
  legacyConversion: boolean,
): Map<unknown, unknown> {
  const root = new Map(file)
  for (const key of ["Operations", "Registry"]) {
    const name = fieldName(key)
    if (root.has(name)) root.set(key, root.get(name))
    root.delete(name)
  }
  const sections = mappingOf(root.has("Operations") ? root.get("Operations") : {})
  if (!sections) return root
  const operations = new Map(sections)
  const sectionOf = (name: unknown) => (operations.has(name) ? operations.get(name) : {})
  const defaults = legacyConversion ? {} : sectionOf("Defaults")
  if (!legacyConversion) operations.delete("Defaults")
  for (const vo of mappingOf(root.get("Registry"))?.keys() ?? []) {
    operations.set(vo, inherit(defaults, sectionOf(vo)))
  }
  return root.set("Operations", operations)
}

function faultsOf(issue: z.core.$ZodIssue): { path: string[]; message: string }[] {
  const path = issue.path.map(String)
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      path: [...path, key],
      message: "Extra inputs are not permitted",
    }))
  }
  const missing = issue.code === "invalid_type" && issue.input === undefined
  return [{ path, message: missing ? "Field required" : issue.message }]
}

/** The keys of a path as the file has them, where it uses DiracX's Python names. */
function asWritten([key, ...rest]: string[], value: unknown): string[] {
  if (key === undefined) return []
  const entries = mappingOf(value)
  const name = entries?.has(fieldName(key)) && !entries.has(key) ? fieldName(key) : key
  return [name, ...asWritten(rest, entries?.get(name))]
}
